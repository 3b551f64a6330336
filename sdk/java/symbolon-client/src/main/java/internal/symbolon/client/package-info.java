/**
 * What calls Symbolon. {@link internal.symbolon.client.Login} signs a user, device or client in and
 * keeps it signed in. Beneath it is the bare client: every call of the contract by its generated
 * stubs, on one channel. {@link internal.symbolon.client.SymbolonChannel} makes the channel, and
 * {@link internal.symbolon.client.SymbolonException} tells what a call failed with.
 */
package internal.symbolon.client;
