/** The SDK of Java by its own tools, and what it is packed as in a project that has nothing else of this checkout. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ChannelCredentials, Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IntrospectRequest, TokenServiceClient } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { TokenClient } from '../../process/grpc-client.ts';
import { environment, eventually, ROOT, Running } from '../../process/program.ts';
import { dataDirectory, ServerProcess } from '../../process/server-process.ts';
import { hasTools, MAX_DURATION_MS, runTool } from '../../stubs/tools.ts';
import { temporaryDirectory } from '../../support.ts';

const HAS_TOOLS = hasTools('Java', [
  ['mvn', '--version', '3.6'],
  ['javac', '-version', '17.0'],
]);

const SDK = `${ROOT}sdk/java`;
const README = readFileSync(join(SDK, 'README.md'), 'utf8');
const MINE = ['symbolon-client', 'symbolon-server', 'symbolon-spring-boot-starter'];
const ALL = [...MINE, ':symbolon-driver'].join(',');
/** What the projects of users compile and run with. */
const TOOLS = ['org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath', '-Dmdep.outputFile=classpath'];

const IS_CI = process.env.SYMBOLON_CI === '1';
const ON_VIRTUAL_THREADS = 'MisuseTest#isRightFromTenThousandVirtualThreads';
/** A Java that has virtual threads, if there is one: the one of PATH may be older. */
const VIRTUAL = [process.env.JAVA_HOME, ...globSync('/usr/lib/jvm/*'), ...globSync('/opt/{java,jdk}*')]
  .filter((home) => home !== undefined)
  .map((home) => join(home, 'bin/java'))
  .find(hasVirtualThreads);

describe.skipIf(!HAS_TOOLS)('the SDK of Java', { timeout: MAX_DURATION_MS }, () => {
  const directory = temporaryDirectory();
  const repository = join(directory.path, 'repository');
  const maven = (goals: readonly string[], folder = SDK) =>
    runTool('mvn', ['-q', '-B', '-f', folder, `-Dmaven.repo.local=${repository}`, ...goals], ROOT);
  // Others may build in the checkout.
  const elsewhere = `-Dsymbolon.target=${join(directory.path, 'target')}/\${project.artifactId}`;

  beforeAll(() => {
    // Everything that was downloaded before, and nothing of Symbolon.
    const downloaded = join(homedir(), '.m2', 'repository');
    mkdirSync(downloaded, { recursive: true });
    mkdirSync(join(repository, 'internal'), { recursive: true });
    for (const name of readdirSync(downloaded).filter((each) => each !== 'internal')) {
      symlinkSync(join(downloaded, name), join(repository, name));
    }
  });
  afterAll(() => directory.remove());

  it('is formatted', async () => {
    await maven(['spotless:check', '-pl', ALL, elsewhere]);
  });

  it('compiles without a warning, its tests pass, and its documentation is whole', async () => {
    await maven(['install', '-Prelease', elsewhere]);
    const version = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')).version as string;
    const packed = MINE.flatMap((name) => readdirSync(join(repository, 'internal/symbolon', name, version)));
    for (const name of MINE) {
      for (const kind of ['', '-sources', '-javadoc']) {
        expect(packed).toContain(`${name}-${version}${kind}.jar`);
      }
    }
  });

  // Where it can't run in CI it is left out: nothing is skipped there.
  if (VIRTUAL !== undefined || !IS_CI) {
    it.skipIf(VIRTUAL === undefined)('is right from ten thousand virtual threads, on Java 21 or later', async () => {
      const test = `-Dtest=${ON_VIRTUAL_THREADS}`;
      await maven(['surefire:test', '-pl', 'symbolon-server', `-Djvm=${VIRTUAL}`, test, elsewhere]);
      const report = reportOf(join(directory.path, 'target/symbolon-server'));
      expect(report).toMatch(/<testsuite [^>]*tests="1"/);
      expect(report).not.toContain('<skipped');
    });
  }

  it('runs the code of its README in an empty project, without a network', async () => {
    const project = join(directory.path, 'project');
    const sources = join(project, 'src/main/java');
    mkdirSync(sources, { recursive: true });
    const port = await freePort();
    writeFileSync(join(project, 'pom.xml'), projectOf(blocks('xml')[0] ?? ''));
    for (const code of blocks('java')) {
      const [, name] = /^(?:public )?class (\w+)/m.exec(code) ?? [];
      // The page names a port.
      writeFileSync(join(sources, `${name}.java`), code.replace('50052', String(port)));
    }
    writeFileSync(join(sources, 'Orders.java'), ORDERS);
    await maven(['-o', 'compile', ...TOOLS], project);
    const classpath = [join(project, 'target/classes'), readFileSync(join(project, 'classpath'), 'utf8').trim()];
    await runs(['-cp', classpath.join(':')], port);
  });

  it('has a service of ten lines at the top of its README', () => {
    const lines = (blocks('java')[0] ?? '').split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeLessThanOrEqual(10);
  });

  it('prints what examples/README.md shows', async () => {
    const [, expected] = /^```\n(.*?)^```$/ms.exec(readFileSync(`${ROOT}examples/README.md`, 'utf8')) ?? [];
    expect(await runTool(`${ROOT}examples/java/run`, [], ROOT)).toBe(expected);
  });
});

function hasVirtualThreads(java: string): boolean {
  const [, major] = /version "(\d+)/.exec(spawnSync(java, ['-version'], { encoding: 'utf8' }).stderr ?? '') ?? [];
  return Number(major) >= 21;
}

/** What surefire tells of the class that the test on virtual threads is in. */
function reportOf(target: string): string {
  return readFileSync(join(target, 'surefire-reports/TEST-internal.symbolon.server.MisuseTest.xml'), 'utf8');
}

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code = '']) => code);
}

/** The lines of the README, and what every project has. */
function projectOf(lines: string): string {
  const servlet = `<dependency><groupId>jakarta.servlet</groupId><artifactId>jakarta.servlet-api</artifactId>
    <version>6.0.0</version><scope>provided</scope></dependency>`;
  const plugins = ['resources:3.5.0', 'compiler:3.15.0'].map((each) => {
    const [name, version] = each.split(':');
    return `<plugin><artifactId>maven-${name}-plugin</artifactId><version>${version}</version></plugin>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
    <modelVersion>4.0.0</modelVersion>
    <groupId>empty</groupId><artifactId>empty</artifactId><version>1</version>
    <properties><maven.compiler.release>17</maven.compiler.release>
      <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
    ${lines.replace(/<\/dependencies>\s*$/, `${servlet}</dependencies>`)}
    <build><plugins>${plugins.join('')}</plugins></build>
  </project>`;
}

/** The service that the README leaves to its reader: it tells the caller's subject. */
const ORDERS = `import internal.symbolon.server.SymbolonServerInterceptor;
import internal.symbolon.v1.*;
import io.grpc.stub.StreamObserver;

class Orders extends TokenServiceGrpc.TokenServiceImplBase {
  @Override
  public void introspect(IntrospectRequest request, StreamObserver<IntrospectResponse> observer) {
    String subject = SymbolonServerInterceptor.CALLER.get().subjectId();
    observer.onNext(IntrospectResponse.newBuilder().setSubjectId(subject).build());
    observer.onCompleted();
  }
}
`;

/** The programs of the README: its service serves the bearer of a live token and nobody else, and its client gets a token. */
async function runs(java: readonly string[], port: number): Promise<void> {
  using data = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: data.path });
  const { grpc, service, user } = server.demo;
  const settings = { SYMBOLON_ADDRESS: grpc, CLIENT_ID: service.client_id, CLIENT_SECRET: service.client_secret };
  expect(await runTool('java', [...java, 'Login'], ROOT, settings)).toMatch(/^a token until \d{4}-\d\d-\d\dT\S+Z\n$/);
  const running = new Running('java', [...java, 'Service'], { ...environment(), ...settings });
  const client = new TokenServiceClient(`127.0.0.1:${port}`, ChannelCredentials.createInsecure());
  try {
    using admin = TokenClient.admin(server.demo);
    const { accessToken } = await admin.logIn(user.login_name, user.password);
    const ask = (authorization?: string) =>
      new Promise<string>((resolve) => {
        const metadata = new Metadata();
        if (authorization !== undefined) {
          metadata.set('authorization', authorization);
        }
        client.introspect(IntrospectRequest.fromPartial({}), metadata, (error, answer) =>
          resolve(
            error === null
              ? `hello, ${answer.subjectId}`
              : `${status[error.code]} ${error.metadata.get('www-authenticate').join()}`,
          ),
        );
      });
    await eventually('the service', async () => (await ask()) === 'UNAUTHENTICATED Bearer');
    // On a machine that stands still the server can't be asked, which is no fault of the service.
    const known = (authorization: string) =>
      eventually('known', async () => {
        const answer = await ask(authorization);
        return answer.startsWith('UNAVAILABLE') ? undefined : answer;
      });
    expect(await known(`Bearer ${accessToken}`)).toBe(`hello, ${user.id}`);
    expect(await known('Basic YTpi')).toBe('UNAUTHENTICATED Bearer');
    expect(await known('Bearer made-up')).toBe('UNAUTHENTICATED Bearer error="invalid_token"');
    await admin.revokeToken(accessToken);
    await eventually('denied', async () => (await ask(`Bearer ${accessToken}`)).startsWith('UNAUTHENTICATED'));
    expect(running.stderr.replaceAll(/^.*\n^WARNING: The watch ended.*\n/gm, '')).toBe('');
    await server.kill();
    await eventually('nothing known', async () => (await ask(`Bearer ${accessToken}`)) === 'UNAVAILABLE ');
    // Who operates the service is told, although it has no listener.
    await eventually('warned', () => /WARNING: The watch ended: UNAVAILABLE: /.test(running.stderr));
  } finally {
    client.close();
    await running.end('SIGKILL');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
