// npm run cluster:down: ends what `npm run cluster:up` left running, and removes all of its files.
import { endKeptPlane } from './kept-plane.ts';

process.stderr.write((await endKeptPlane()) ? 'The cluster is gone.\n' : 'There is no cluster running.\n');
