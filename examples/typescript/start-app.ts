/** Runs the notes as their user would, beside a server of with-demo.ts. */
import { Program } from './program.ts';

using notes = new Program('notes.ts', ['client']);
const { user } = notes.demo;
notes.run(['list']);
notes.run(['sign-in', user.login_name], { PASSWORD: user.password });
notes.run(['add', 'buy bread']);
notes.run(['add', 'call Bea']);
notes.run(['list']);
notes.run(['sign-out']);
notes.run(['list']);
