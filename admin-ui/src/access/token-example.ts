/** A first request with a token, ready for a shell. The space in front keeps it out of the history of most. */
export const tokenExample = (token: string, origin: string): string =>
  [
    ` curl ${origin}/graphql \\`,
    `  -H 'authorization: Bearer ${token}' \\`,
    "  -H 'content-type: application/json' \\",
    `  -d '{"query":"{ viewer { displayName token { name expiresAt } permissions { name global tenantIds } } }"}'`,
  ].join('\n');
