/** The systems whose logs have a markup of their own. */
export type CiSystem = 'github' | 'gitlab' | 'none';

/** As GitHub Actions (https://docs.github.com/actions/reference/variables-reference) and GitLab CI say it of themselves. */
export const ciSystemOf = (env: Readonly<Record<string, string | undefined>>): CiSystem => {
  if (env['GITHUB_ACTIONS'] === 'true') return 'github';
  return env['GITLAB_CI'] === 'true' ? 'gitlab' : 'none';
};
