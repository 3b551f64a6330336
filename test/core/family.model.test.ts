import { openMemoryTestBed } from '../support.ts';
import { itBehavesAsItsModel } from './family-model.ts';

itBehavesAsItsModel(openMemoryTestBed, 8_000);
