// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * One moment of a run: the n-th time that a step is made, by any thread or by chosen ones. Whoever
 * is given it counts from then on. Immutable, for any thread.
 *
 * @param step which step
 * @param number which time, from 1
 * @param threads whose steps count; asked on the thread that made the step
 * @param <S> the kind of steps
 */
public record Occurrence<S extends Enum<S>>(S step, int number, Predicate<Thread> threads) {
  /**
   * Checks that the step can occur.
   *
   * @throws IllegalArgumentException if the number is less than 1
   */
  public Occurrence {
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(threads, "threads");
    if (number < 1) {
      throw new IllegalArgumentException("number must be at least 1: number=" + number);
    }
  }

  /**
   * The first time that a step is made.
   *
   * @param step which step
   * @param <S> the kind of steps
   * @return a new occurrence
   */
  public static <S extends Enum<S>> Occurrence<S> first(S step) {
    return nth(step, 1);
  }

  /**
   * The n-th time that a step is made.
   *
   * @param step which step
   * @param number which time, from 1
   * @param <S> the kind of steps
   * @return a new occurrence
   */
  public static <S extends Enum<S>> Occurrence<S> nth(S step, int number) {
    return new Occurrence<>(step, number, thread -> true);
  }

  /**
   * The same, counting one thread's steps only.
   *
   * @param thread whose steps count
   * @return a new occurrence
   */
  public Occurrence<S> by(Thread thread) {
    Objects.requireNonNull(thread, "thread");
    return by(made -> made == thread);
  }

  /**
   * The same, counting some threads' steps only.
   *
   * @param threads whose steps count
   * @return a new occurrence
   */
  public Occurrence<S> by(Predicate<Thread> threads) {
    return new Occurrence<>(step, number, threads);
  }
}
