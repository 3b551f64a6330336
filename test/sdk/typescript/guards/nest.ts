/** Controllers of Nest that are guarded in tests. Decorators are applied by hand: Node runs these files without a compiler. */
import 'reflect-metadata';
import type { ServerDuplexStream, ServerReadableStream } from '@grpc/grpc-js';
import { Controller, Get } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall, GrpcStreamMethod, MessagePattern, Payload } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { map, type Observable, of } from 'rxjs';
import { CurrentCaller, Public, Scopes } from '../../../../sdk/typescript/server/src/guards/nest.ts';
import type { Caller } from '../../../../sdk/typescript/server/src/index.ts';

type Decorated = ReturnType<typeof Object.getOwnPropertyDescriptor>;

/** `@Decorators() name()` of a class. */
export function decorate(
  target: abstract new (...args: never[]) => object,
  name: string,
  ...decorators: MethodDecorator[]
): void {
  const descriptor = Object.getOwnPropertyDescriptor(target.prototype, name) as Decorated;
  for (const decorator of decorators) {
    decorator(target.prototype, name, descriptor as TypedPropertyDescriptor<never>);
  }
  Object.defineProperty(target.prototype, name, descriptor as PropertyDescriptor);
}

const anybody = Public() as unknown as MethodDecorator;
const reads = Scopes('read') as unknown as MethodDecorator;
const writes = Scopes('write') as unknown as MethodDecorator;

/** `handled`: whom handlers ran for. */
export function httpController(handled: string[]) {
  class Shop {
    open(): string {
      handled.push('nobody');
      return 'nobody';
    }

    read({ clientId }: Caller): string {
      handled.push(clientId);
      return clientId;
    }

    write({ clientId }: Caller): string {
      handled.push(clientId);
      return clientId;
    }
  }
  Controller()(Shop);
  decorate(Shop, 'open', Get('open'), anybody);
  decorate(Shop, 'read', Get('read'), reads);
  decorate(Shop, 'write', Get('write'), writes);
  CurrentCaller()(Shop.prototype, 'read', 0);
  CurrentCaller()(Shop.prototype, 'write', 0);
  return Shop;
}

export function grpcController(handled: string[]) {
  const enter = (caller: Caller) => {
    handled.push(caller.clientId);
    return { name: caller.clientId };
  };
  class Shop {
    open(): object {
      handled.push('nobody');
      return { name: 'nobody' };
    }

    read(caller: Caller): object {
      return enter(caller);
    }

    write(caller: Caller): object {
      return enter(caller);
    }

    download(caller: Caller): Observable<object> {
      return of(enter(caller));
    }

    upload(messages: Observable<object>, caller: Caller): Observable<object> {
      const name = enter(caller);
      return messages.pipe(map(() => name));
    }

    chat(messages: Observable<object>, caller: Caller): Observable<object> {
      const name = enter(caller);
      return messages.pipe(map(() => name));
    }

    raw(call: ServerDuplexStream<object, object>): void {
      handled.push('raw');
      call.on('data', () => call.write({ name: 'raw' })).on('end', () => call.end());
    }

    rawUpload(call: ServerReadableStream<object, object>, answer: (error: null, value: object) => void): void {
      handled.push('raw');
      call.on('data', () => {}).on('end', () => answer(null, { name: 'raw' }));
    }
  }
  Controller()(Shop);
  decorate(Shop, 'open', GrpcMethod('Shop', 'Open'), anybody);
  decorate(Shop, 'read', GrpcMethod('Shop', 'Read'), reads);
  decorate(Shop, 'write', GrpcMethod('Shop', 'Write'), writes);
  decorate(Shop, 'download', GrpcMethod('Shop', 'Download'));
  decorate(Shop, 'upload', GrpcStreamMethod('Shop', 'Upload'));
  decorate(Shop, 'chat', GrpcStreamMethod('Shop', 'Chat'));
  decorate(Shop, 'raw', GrpcStreamCall('Shop', 'Raw'));
  decorate(Shop, 'rawUpload', GrpcStreamCall('Shop', 'RawUpload'));
  for (const name of ['read', 'write', 'download']) {
    CurrentCaller()(Shop.prototype, name, 0);
  }
  for (const name of ['upload', 'chat']) {
    Payload()(Shop.prototype, name, 0);
    CurrentCaller()(Shop.prototype, name, 1);
  }
  return Shop;
}

/** What the guard can't read: a transport of its own, and a WebSocket. */
export function tcpController(handled: string[]) {
  class Shop {
    ask(): string {
      handled.push('tcp');
      return 'tcp';
    }
  }
  Controller()(Shop);
  decorate(Shop, 'ask', MessagePattern('ask'));
  return Shop;
}

export function gateway(handled: string[]) {
  class Shop {
    ask(): object {
      handled.push('ws');
      return { event: 'answer', data: 'ws' };
    }
  }
  WebSocketGateway()(Shop);
  decorate(Shop, 'ask', SubscribeMessage('ask'));
  return Shop;
}
