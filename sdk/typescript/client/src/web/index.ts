export * from '../login/index.ts';
export { Login, type PageLoginOptions } from './login.ts';
export { type PageStorage, PageStore } from './page-store.ts';
