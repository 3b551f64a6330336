/** Which calls are kept. Without the library: the configuration is checked before anything is loaded. */

/** As `OTEL_TRACES_SAMPLER` names them. `parentbased_…`: as the caller's trace is, and the rest of the name says it of those that begin here. */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export interface Sampling {
  readonly sampler: (typeof SAMPLERS)[number];
  /** Of those that are kept by their trace id: from 0 to 1. */
  readonly ratio: number;
}
