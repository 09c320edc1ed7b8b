import { upgradesIn } from './modes.ts';

upgradesIn('scaleInPriority');
