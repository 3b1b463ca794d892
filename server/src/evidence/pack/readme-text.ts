import type { PackContents } from './pack-contents.ts';

/** Recomputes the root of the log from the pack with nothing but Python's standard library. Part of the instructions, and tested as printed. */
export const PYTHON_CHECK = `import base64, hashlib, json

def sha256(data):
    return hashlib.sha256(data).digest()

proof = json.load(open("proof.json"))
leaves = iter([sha256(b"\\x00" + line) for line in open("events.jsonl", "rb").read().split(b"\\n")[:-1]])
nodes = iter([base64.b64decode(node) for node in proof["nodes"]])
edge = []

def add(level, value):
    while edge and edge[-1][0] == level:
        value = sha256(b"\\x01" + edge.pop()[1] + value)
        level += 1
    edge.append((level, value))

at = 0
for index in proof["indexes"] + [proof["size"]]:
    while at < index:
        level = 0
        while at % (2 << level) == 0 and at + (2 << level) <= index:
            level += 1
        add(level, next(nodes))
        at += 1 << level
    if index < proof["size"]:
        add(0, next(leaves))
        at += 1
assert next(nodes, None) is None and next(leaves, None) is None
root = edge.pop()[1] if edge else sha256(b"")
while edge:
    root = sha256(b"\\x01" + edge.pop()[1] + root)
print(proof["size"])
print(base64.b64encode(root).decode())
`;

/** Verifies one signed note with OpenSSL 3. `$KEY` is the verifier key, `$NOTE` the file. Part of the instructions, and tested as printed. */
export const OPENSSL_CHECK = `printf %s "$KEY" | cut -d+ -f3- | base64 -d | tail -c 32 > key.raw
{ printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'; cat key.raw; } > key.der
sed '/^$/,$d' "$NOTE" > text
grep "^— $(printf %s "$KEY" | cut -d+ -f1) " "$NOTE" | head -n 1 | cut -d' ' -f3 | base64 -d | tail -c 64 > signature
openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text -sigfile signature
`;

const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ');

/** How to verify the pack, with our program and with others. It says nothing that somebody who forged the pack could profit from: keys come from elsewhere. */
export function readmeText({ origin, madeAt, proof }: PackContents): string {
  const withheld = proof.end - proof.begin - proof.indexes.length;
  return `EVIDENCE PACK, FORMAT 1                                        (Bahasa Indonesia: di bawah)

Log            ${origin}
Made at        ${madeAt}
Log entries    ${proof.size} when the pack was made
Selected from  entries ${proof.begin} to ${proof.end} (the last not among them)
Disclosed      ${proof.indexes.length}; not disclosed: ${withheld}

1. WHAT YOU NEED FROM ELSEWHERE

The name of the log and its public key ("verifier key"), from the company by another way than this file, or from an
earlier occasion. keys.txt is a convenience: compare it with what you have, never trust it by itself. A forger would have
put their own key there. A checkpoint of the log that you, or a witness, kept from an earlier day is worth even more.

2. WITH OUR PROGRAM

It needs neither network nor database nor a secret:

    npm run --silent -- sallyport verify pack.zip --origin "${origin}" --key "$KEY"

Add --checkpoint FILE for each checkpoint you kept, --witness KEY --least-cosignatures 1 if you know a witness. Exit code 0:
intact. 1: not intact, or not shown to be. 2: the command was not understood.

3. WITH OTHER TOOLS

Unpack the zip file into an empty folder and go there.

a) The manifest names the SHA-256 of every other file. With Python 3:

    python3 -c 'import hashlib, json; [print("ok" if hashlib.sha256(open(name, "rb").read()).hexdigest() == value else "BAD", name) for name, value in json.load(open("manifest.json"))["files"].items()]'

   Every line has to say ok, and no other file may be in the folder but manifest.json and manifest.note.

b) manifest.note and checkpoint are signed notes (C2SP signed-note, Ed25519): a text, an empty line, signatures. Go's
   golang.org/x/mod/sumdb/note opens them. So does OpenSSL 3, for NOTE=manifest.note and for NOTE=checkpoint:

${indented(OPENSSL_CHECK)}
   (Where several keys of one name have signed, "head -n 1" takes the first of them and "tail -n 1" the last.)
   The first line of manifest.note is the name of the log followed by /evidence, the second one the SHA-256 of manifest.json:

    openssl dgst -sha256 -binary manifest.json | base64

   The first line of checkpoint is the name of the log, the second the number of its entries, the third the root of its
   Merkle tree (RFC 6962).

c) The events. events.jsonl holds an event on each line, exactly as it was hashed into the log; an entry's hash is
   SHA-256(0x00, line without its end), a node's SHA-256(0x01, left, right). proof.json holds the index of each line in the log and
   the hashes of the fewest full subtrees that hold every other entry, left to right. This program computes the root:

${indented(PYTHON_CHECK)}
   What it prints has to be the second and the third line of checkpoint. Then no event was changed, and none stands at another
   index than the log has it. Indexes between ${proof.begin} and ${proof.end} that proof.json does not name are entries that were not disclosed to you:
   they can be counted, so nothing was left out quietly.

4. WHAT IS PROVEN, AND WHAT IS NOT

Of the log: events.jsonl, event by event. Derived from it, and derived again by our program: events.csv, events.ocsf.jsonl. The name of
a file in policies is its SHA-256, and events name the policy in force by it. Signed when the pack was made, but not part of the log:
approvals.jsonl, reviews.jsonl, controls.csv, summary.html. controls.csv says which events help with which control; it is no statement of
compliance or certification.


PAKET BUKTI, FORMAT 1

1. Nama log dan kunci publiknya ("verifier key") harus Anda peroleh lewat jalan lain, bukan dari paket ini. keys.txt hanya untuk
   memudahkan: bandingkan, jangan dipercaya begitu saja. Checkpoint yang Anda simpan dari hari sebelumnya lebih kuat lagi.
2. Dengan program kami (tanpa jaringan, basis data, atau rahasia): perintah di bagian 2. Kode keluar 0: utuh; 1: tidak utuh atau tidak
   dapat ditunjukkan; 2: perintah tidak dipahami.
3. Dengan alat lain: bagian 3. (a) setiap baris harus "ok"; (b) tanda tangan manifest.note dan checkpoint harus sah dengan kunci Anda, dan
   baris keduanya manifest.note adalah SHA-256 dari manifest.json; (c) yang dicetak program Python harus sama dengan baris kedua dan
   ketiga checkpoint. Indeks antara ${proof.begin} dan ${proof.end} yang tidak disebut proof.json adalah entri yang tidak dibuka kepada Anda.
4. Terbukti dari log: events.jsonl. Diturunkan darinya: events.csv, events.ocsf.jsonl. Ditandatangani saat paket dibuat, tetapi bukan bagian
   dari log: approvals.jsonl, reviews.jsonl, controls.csv, summary.html. Paket ini bukan pernyataan kepatuhan atau sertifikasi.
`;
}
