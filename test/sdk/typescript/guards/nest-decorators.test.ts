/** What Public() and Scopes() say of a method, its controller and what that extends: the nearest counts, and nothing opens by accident. */
import { Controller, Get, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect, it } from 'vitest';
import { type Checker, Public, Scopes, SymbolonGuard } from '../../../../sdk/typescript/server/src/guards/nest.ts';
import { askHttp } from './bed.ts';
import { decorate } from './nest.ts';

/** A token has the scope that it is called. */
const verifier: Checker = {
  check: (token) => ({
    ...{ kind: 'user', subjectId: 'a', clientId: 'b', tenantId: 'c', tokenId: 'd', familyId: 'e', scopes: [token] },
    ...{ issueTime: new Date(), expireTime: new Date() },
  }),
};

async function serve(controller: Type) {
  class Application {}
  Controller()(controller);
  Module({ controllers: [controller] })(Application);
  const app = await NestFactory.create(Application, { logger: false });
  app.useGlobalGuards(new SymbolonGuard(verifier));
  await app.listen(0, '127.0.0.1');
  const port = Number(new URL(await app.getUrl()).port);
  /** With no token, with one of no use, and with one that has the scope. */
  const statuses = async (path: string) => {
    const ask = async (...authorization: string[]) => (await askHttp(port, `/${path}`, authorization)).status;
    return [await ask(), await ask('Bearer none'), await ask('Bearer admin')];
  };
  return { statuses, [Symbol.asyncDispose]: () => app.close() };
}

const OPEN = [200, 200, 200];
const LIVE = [401, 200, 200];
const SCOPED = [401, 403, 200];
const anybody = Public() as MethodDecorator;
const admins = Scopes('admin') as MethodDecorator;
const none = Scopes() as MethodDecorator;

function shop() {
  return class Shop {
    plain(): string {
      return 'plain';
    }
    other(): string {
      return 'other';
    }
    third(): string {
      return 'third';
    }
  };
}

it('a method of a controller that is public is not, where it has scopes of its own', async () => {
  const Shop = shop();
  Public()(Shop);
  decorate(Shop, 'plain', Get('plain'));
  decorate(Shop, 'other', Get('other'), admins);
  decorate(Shop, 'third', Get('third'), none);
  await using service = await serve(Shop);
  expect(await service.statuses('plain')).toEqual(OPEN);
  expect(await service.statuses('other')).toEqual(SCOPED);
  expect(await service.statuses('third')).toEqual(LIVE);
});

it('a method of a controller that has scopes is public, or has others, where it says so', async () => {
  const Shop = shop();
  Scopes('admin')(Shop);
  decorate(Shop, 'plain', Get('plain'));
  decorate(Shop, 'other', Get('other'), anybody);
  decorate(Shop, 'third', Get('third'), none);
  await using service = await serve(Shop);
  expect(await service.statuses('plain')).toEqual(SCOPED);
  expect(await service.statuses('other')).toEqual(OPEN);
  expect(await service.statuses('third')).toEqual(LIVE);
});

it('a controller is not public because what it extends is', async () => {
  const Base = shop();
  Public()(Base);
  decorate(Base, 'plain', Get('plain'));
  decorate(Base, 'other', Get('other'), anybody);
  class Admin extends Base {
    own(): string {
      return 'own';
    }
  }
  decorate(Admin, 'own', Get('own'));
  await using service = await serve(Admin);
  expect(await service.statuses('own')).toEqual(LIVE);
  expect(await service.statuses('plain')).toEqual(LIVE);
  // It says so itself.
  expect(await service.statuses('other')).toEqual(OPEN);
});

it('a controller needs the scopes that what it extends needs, until it says something else', async () => {
  const Base = shop();
  Scopes('admin')(Base);
  decorate(Base, 'plain', Get('plain'));
  class Silent extends Base {
    own(): string {
      return 'own';
    }
  }
  decorate(Silent, 'own', Get('own'));
  class Open extends Base {}
  Public()(Open);
  await using silent = await serve(Silent);
  expect(await silent.statuses('own')).toEqual(SCOPED);
  expect(await silent.statuses('plain')).toEqual(SCOPED);
  await using open = await serve(Open);
  expect(await open.statuses('plain')).toEqual(OPEN);
});

it('Public and Scopes do not stand beside each other', () => {
  const message = 'Public() must not stand beside Scopes()';
  for (const both of [
    [anybody, admins],
    [admins, anybody],
    [none, anybody],
  ]) {
    expect(() => decorate(shop(), 'plain', Get(), ...both)).toThrow(message);
  }
  const [first, second] = [shop(), shop()];
  Public()(first);
  Scopes('admin')(second);
  expect(() => Scopes('admin')(first)).toThrow(message);
  expect(() => Public()(second)).toThrow(message);
});
