/** Who is at the keyboard and what they may do now, as the gateway says it. */
export interface ConsoleViewer {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly environment: string;
  readonly grants: readonly ViewerGrant[];
  readonly permissions: readonly ViewerPermission[];
  readonly session: ViewerSession;
  readonly policyVersion: string;
}

export interface ViewerGrant {
  readonly id: string;
  readonly role: string;
  readonly global: boolean;
  readonly tenantIds: readonly string[];
  readonly reason: string | null;
  readonly grantedBy: string | null;
  readonly expiresAt: string | null;
}

export interface ViewerPermission {
  readonly name: string;
  readonly global: boolean;
  readonly tenantIds: readonly string[];
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
    grants { id role global tenantIds reason grantedBy expiresAt }
    permissions { name global tenantIds }
    session { id mode secondFactor createdAt expiresAt ip }
  }
}`;
