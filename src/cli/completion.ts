import type { Command } from 'commander';
import { Argument, InvalidArgumentError } from 'commander';
import { refuseChoice } from '../spec/choice.ts';
import type { Act } from './act.ts';
import type { Session } from './session.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

const shellOf = (text: string): string => {
  if (SHELLS.some((shell) => shell === text)) return text;
  throw new InvalidArgumentError(refuseChoice(text, SHELLS));
};

export const addCompletion = (command: Command, session: Session, act: Act): void => {
  const { program } = session;
  command
    .description(
      'Prints a script that makes a shell complete commands, options and their values; also the names of upgrades, namespaces and contexts, which it asks the cluster and the kubeconfig for. bash needs the package bash-completion. kubectl completes the plugin by itself, where kubectl_complete-dupgrade is in the PATH.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS).argParser(shellOf))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(${program} completion bash)                    # in ~/.bashrc
  $ source <(${program} completion zsh)                     # in ~/.zshrc, after compinit
  $ ${program} completion fish | source                     # in ~/.config/fish/config.fish
  > ${program} completion powershell | Out-String | Invoke-Expression`,
    )
    .action(
      act(async (shell: string) => {
        session.out.write(await session.completionScript(shell));
        return 0;
      }),
    );
};
