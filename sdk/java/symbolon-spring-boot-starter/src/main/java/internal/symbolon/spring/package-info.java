/**
 * Spring Security checks tokens of Symbolon: introspectors, and what Spring Boot makes of
 * properties.
 */
package internal.symbolon.spring;
