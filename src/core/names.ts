/** What machines are named by, and how long each name may be. What people type is in text/. */

export const TENANT_ID_FORM = /^[a-z0-9][a-z0-9\-_]{0,62}$/;
export const CLIENT_ID_FORM = /^[a-zA-Z0-9\-_.]{1,128}$/;
/** RFC 6749 appendix A.4: scope-token. */
export const SCOPE_FORM = /^[\x21\x23-\x5B\x5D-\x7E]{1,128}$/;
export const REQUEST_ID_FORM = /^[\x21-\x7E]{1,128}$/;

export const MAX_SCOPES = 64;
/** Characters of what is looked up; what is longer is refused before it is. */
export const MAX_TOKEN = 4_096;
export const MAX_ID = 256;
