// SPDX-License-Identifier: Apache-2.0

import { Listr, PRESET_TIMER, type ListrTask } from 'listr2';
import { type Task } from '../../setup/task';
import { type CommandContext } from '../context/command-context';

/**
 * Runs tasks one after the other, each group's at the same time, and shows their progress: a list that is updated on a
 * terminal, otherwise a line for every end and every message of a step.
 *
 * @throws what the first failing step throws; steps beside it end first
 */
export async function runTasks(tasks: readonly Task[], context: CommandContext): Promise<void> {
  if (!context.interactive) {
    for (const task of tasks) await runPlainly(task, context.printMessage);
    return;
  }
  await new Listr(tasks.map(shownTask), {
    concurrent: false,
    rendererOptions: { timer: PRESET_TIMER, collapseSubtasks: false, removeEmptyLines: false },
  }).run();
}

/** Runs one step as `runTasks` does. @returns what it gives */
export async function runTask<T>(
  title: string,
  run: (report: (text: string) => void) => Promise<T>,
  context: CommandContext,
): Promise<T> {
  const given: T[] = [];
  await runTasks([{ title, run: async (report) => void given.push(await run(report)) }], context);
  const [value] = given;
  return value as T;
}

function shownTask(task: Task): ListrTask {
  if ('tasks' in task) {
    return {
      title: task.title,
      task: (_context, shown) => shown.newListr(task.tasks.map(shownTask), { concurrent: true, exitOnError: true }),
    };
  }
  return {
    title: task.title,
    task: async (_context, shown) => {
      await task.run((text) => {
        shown.output = text;
      });
    },
    rendererOptions: { persistentOutput: true, outputBar: 1 },
  };
}

async function runPlainly(task: Task, report: CommandContext['printMessage']): Promise<void> {
  if ('tasks' in task) {
    const results = await Promise.allSettled(task.tasks.map((part) => runPlainly(part, report)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return;
  }
  const start = performance.now();
  const ended = (how: string): void =>
    report(`${task.title}: ${how} ${((performance.now() - start) / 1000).toFixed(1)} s`);
  try {
    await task.run((text) => {
      report(`${task.title}: ${text}`);
    });
    ended('done in');
  } catch (error) {
    ended('failed after');
    throw error;
  }
}
