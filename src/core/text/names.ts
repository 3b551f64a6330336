/** The forms of names. */
export const LOGIN_NAME_FORM = /^[a-zA-Z0-9\-_.]{3,64}$/;
export const VENDOR_ID_FORM = /^[a-zA-Z0-9\-_.]{1,200}$/;
