/** Who is at the keyboard and what they may do now, as the gateway says it. */
export interface ConsoleViewer {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly environment: string;
  readonly grants: readonly ViewerGrant[];
  readonly permissions: readonly ViewerPermission[];
  readonly session: ViewerSession;
  /** The emergency in force in this session, or null. */
  readonly breakGlass: { readonly id: string; readonly expiresAt: string } | null;
  readonly policyVersion: string;
}

export interface ViewerGrant {
  readonly id: string;
  /** `standing`, `elevation` or `break-glass`. */
  readonly kind: string;
  readonly role: string;
  /** Single permissions, where no role says what is granted. */
  readonly permissions: readonly string[] | null;
  readonly global: boolean;
  /** Null where the grant is global. */
  readonly tenantIds: readonly string[] | null;
  readonly reason: string | null;
  readonly grantedBy: string | null;
  readonly expiresAt: string | null;
}

export interface ViewerPermission {
  readonly name: string;
  readonly global: boolean;
  /** Null where it holds everywhere. */
  readonly tenantIds: readonly string[] | null;
}

export interface ViewerSession {
  readonly id: string;
  readonly mode: string;
  readonly secondFactor: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly ip: string | null;
}

export const VIEWER_QUERY = `query ConsoleViewer {
  viewer {
    id email displayName environment policyVersion
    grants { id kind role permissions global tenantIds reason grantedBy expiresAt }
    permissions { name global tenantIds }
    session { id mode secondFactor createdAt expiresAt ip }
    breakGlass { id expiresAt }
  }
}`;
