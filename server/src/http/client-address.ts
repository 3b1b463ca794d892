import { BlockList, isIP } from 'node:net';

/** IPv4 inside IPv6 (`::ffff:10.0.0.1`) is the same client as the plain address. */
const plain = (address: string): string => (address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address);

/**
 * Says who the client is. The socket's peer, unless that peer is a proxy named in the configuration:
 * then the right-most address of X-Forwarded-For that is not itself such a proxy. Anybody else's
 * forwarding headers are ignored (THREATS I19).
 * @param trustedProxies addresses or CIDR ranges.
 * @throws {TypeError} when one of them is neither.
 */
export function createClientAddress(trustedProxies: readonly string[]): (peer: string | undefined, forwardedFor: string | null) => string {
  const trusted = new BlockList();
  for (const proxy of trustedProxies) {
    const [address = '', bits] = proxy.split('/');
    const family = isIP(address);
    if (family === 0) throw new TypeError('A trusted proxy is neither an IP address nor a CIDR range');
    const type = family === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) trusted.addAddress(address, type);
    else trusted.addSubnet(address, Number(bits), type);
  }
  const isTrusted = (address: string): boolean => {
    const family = isIP(address);
    return family !== 0 && trusted.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
  return (peer, forwardedFor) => {
    const socketAddress = plain(peer ?? 'unknown');
    if (trustedProxies.length === 0 || forwardedFor === null || !isTrusted(socketAddress)) return socketAddress;
    const chain = forwardedFor.split(',').map((part) => plain(part.trim()));
    for (const address of chain.reverse()) {
      if (isIP(address) === 0) return socketAddress;
      if (!isTrusted(address)) return address;
    }
    return socketAddress;
  };
}
