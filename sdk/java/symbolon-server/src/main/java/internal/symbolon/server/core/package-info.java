/**
 * The state of a verifier and its rules, without I/O. Not for services: what is here may change
 * with each version.
 */
package internal.symbolon.server.core;
