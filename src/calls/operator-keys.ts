/** What a call over the operator's socket carries. Both are written as in a URL (encodeURIComponent), for metadata is ASCII. */

/** The tenant that the operator acts in; empty: none. */
export const TENANT_KEY = 'symbolon-tenant';
/** The name of the operator on the machine. */
export const OPERATOR_KEY = 'symbolon-operator';
