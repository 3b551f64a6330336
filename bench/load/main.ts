/** `node bench/load/main.ts`: reads a LoadPlan from standard input, carries it out, and prints a LoadResult. */
import { text } from 'node:stream/consumers';
import { load } from './load.ts';
import type { LoadPlan } from './plan.ts';

process.stdout.write(JSON.stringify(await load(JSON.parse(await text(process.stdin)) as LoadPlan)));
