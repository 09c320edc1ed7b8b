import { upgradesIn } from './modes.ts';

upgradesIn('scaleOutPriority');
