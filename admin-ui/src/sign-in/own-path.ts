/** Where to go after signing in: only a path of our own, never another origin (THREATS A, open redirect). */
export function ownPath(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) && !next.includes('\\') && !next.startsWith('/sign-in') ? next : '/';
}
