/**
 * `npm run gen`: writes gen/ and the names in proto/ from proto/, and the stubs of the example in Go. `npm run gen -- typescript` leaves the
 * other languages as they are, and needs nothing but node_modules.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  FileDescriptorSetSchema,
  MethodOptions_IdempotencyLevel as Level,
  SourceCodeInfoSchema,
} from '@bufbuild/protobuf/wkt';
import { writeNames } from './contract-names.ts';
import { pathWithGenerators } from './generators.ts';

/** Runs buf with the given arguments; its output goes to the terminal, a failure ends the script. */
function buf(args: readonly string[], path = process.env.PATH): void {
  execFileSync('npx', ['--no-install', 'buf', ...args], { stdio: 'inherit', env: { ...process.env, PATH: path } });
}

const DESCRIPTORS = 'gen/descriptors.binpb';

const domain = writeNames();
const [only, ...others] = process.argv.slice(2);
if (others.length > 0 || (only !== undefined && only !== 'typescript')) {
  throw new Error('gen takes no argument but typescript');
}
buf(['generate']);
buf(['generate', '--template', 'buf.gen.web.yaml']);
for (const messages of ['gen/ts', 'gen/web']) {
  keepEveryName(`${messages}/google/protobuf/struct.ts`);
}
writeFileSync(
  'gen/ts/symbolon/domain.ts',
  `// Written by npm run gen, of proto/names.json.\nexport const DOMAIN = '${domain}';\n`,
);
// What reflection serves and what the tests walk over: every file, message and method.
buf(['build', '--as-file-descriptor-set', '--output', DESCRIPTORS]);
writeFileSync(DESCRIPTORS, withCommentsAlone(readFileSync(DESCRIPTORS)));
if (only === undefined) {
  // Not all of their folders, for gen/go has a go.mod.
  for (const stubs of ['gen/go/symbolon', 'gen/python/symbolon', 'gen/java/internal']) {
    rmSync(stubs, { recursive: true, force: true });
  }
  const path = pathWithGenerators();
  buf(['generate', '--template', 'buf.gen.sdk.yaml'], path);
  buf(['generate', '--template', 'examples/go/buf.gen.yaml'], path);
}
const repeatable = methodsToRepeat(readFileSync(DESCRIPTORS));
writeFileSync(
  'gen/ts/symbolon/idempotent.ts',
  `// Written by npm run gen, of the idempotency_level of each method: those that can be repeated when an answer was lost.
export const IDEMPOTENT: readonly string[] = [\n${repeatable.map((path) => `  '${path}',\n`).join('')}];\n`,
);

/** ts-proto leaves out the options of methods. */
function methodsToRepeat(bytes: Uint8Array): string[] {
  const ours = fromBinary(FileDescriptorSetSchema, bytes).file.filter((file) => file.package === 'symbolon.v1');
  return ours.flatMap((file) =>
    file.service.flatMap(({ name, method }) =>
      method
        .filter(({ options }) => (options?.idempotencyLevel ?? Level.IDEMPOTENCY_UNKNOWN) !== Level.IDEMPOTENCY_UNKNOWN)
        .map((each) => `/${file.package}.${name}/${each.name}`),
    ),
  );
}

/** Of where each name stands in its file, half of the bytes, no tool asks reflection. Comments are kept where a caller wants them. */
function withCommentsAlone(bytes: Uint8Array): Uint8Array {
  const files = fromBinary(FileDescriptorSetSchema, bytes);
  for (const file of files.file) {
    const isOfServices = file.service.length > 0 || file.package.startsWith('symbolon.');
    const locations = file.sourceCodeInfo?.location ?? [];
    const commented = locations.filter(({ leadingComments, trailingComments }) => leadingComments || trailingComments);
    file.sourceCodeInfo = isOfServices ? create(SourceCodeInfoSchema, { location: commented }) : undefined;
  }
  return toBinary(FileDescriptorSetSchema, files);
}

/** A member of a Struct may be called `__proto__`: on an object with a prototype, setting that name loses the member without a word. */
function keepEveryName(path: string): void {
  const before = readFileSync(path, 'utf8');
  const bare = 'globalThis.Object.create(null)';
  const after = before
    .replaceAll('{ fields: {} }', `{ fields: ${bare} }`)
    .replaceAll(': any } = {};', `: any } = ${bare};`);
  if (after.split(bare).length !== 3) {
    throw new Error(`${path} is not as it was. Look at how it makes the fields of a Struct`);
  }
  writeFileSync(path, after);
}
