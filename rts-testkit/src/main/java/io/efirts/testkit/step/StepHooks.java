// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import io.efirts.api.spi.Step;
import io.efirts.api.spi.StepHook;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Several hooks as one, told in the order in which they were added. A dispatcher takes its hook
 * when it is built; through this one a test adds further hooks once it runs, and those count from
 * then on.
 *
 * <p>Safe for any thread; telling takes no lock. If a hook throws, those behind it are not told.
 */
public final class StepHooks implements StepHook {
  private final CopyOnWriteArrayList<StepHook> hooks;

  /**
   * A hook that tells others.
   *
   * @param hooks whom to tell first
   */
  public StepHooks(StepHook... hooks) {
    this.hooks = new CopyOnWriteArrayList<>(hooks);
  }

  /**
   * Tells one more hook, after the others, of every step from now on.
   *
   * @param hook the hook
   * @param <H> its type
   * @return the hook, for use in a try statement
   */
  public <H extends StepHook> H add(H hook) {
    hooks.add(Objects.requireNonNull(hook, "hook"));
    return hook;
  }

  /**
   * Tells a hook no more. A step that is being made may still reach it.
   *
   * @param hook one that was added
   */
  public void remove(StepHook hook) {
    hooks.remove(hook);
  }

  @Override
  public void made(Step step) {
    for (StepHook hook : hooks) {
      hook.made(step);
    }
  }
}
