/** The schema, one step per version. A step that was released never changes. */
import { STEP_1 } from './schema-1.ts';
import { STEP_2 } from './schema-2.ts';

export const STEPS: readonly string[] = [STEP_1, STEP_2];
