import { upgradesIn } from './modes.ts';

upgradesIn('scaleSimultaneously');
