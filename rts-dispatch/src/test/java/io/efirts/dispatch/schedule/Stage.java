// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.DispatcherBuilder;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What actors of a schedule run on and wait with: a scheduler that lets one go on at a time, or
 * threads.
 */
interface Stage {
  /** Gives the dispatcher its clock, and threads if it is to have some. */
  void configure(DispatcherBuilder builder);

  /** Whether actors have to pump. */
  boolean pumps();

  /** The dispatcher's clock, which stands still unless somebody moves it. */
  NanoClock clock();

  /** A number from 0 to one less than the bound, decided by the seed as far as the stage can. */
  int choose(int bound);

  /** Adds an actor. */
  void actor(String name, Runnable task);

  /** Waits until something is the case that needs no time to pass. */
  void until(String what, BooleanSupplier condition);

  /** Waits until something is the case; whenever nobody makes a step, time passes. */
  void untilInTime(String what, BooleanSupplier condition);

  /** Lets others go on for about a step. */
  void pass(String where);

  /** Lets others go on as a rule for about a step, now and then for many. */
  void standStill(String where);

  /** Lets others go on until something has happened. */
  void pause(String where);

  /** Something has happened: whoever waits looks again. */
  void moved();

  /** Lets time pass. */
  void advance(Duration time);

  /** Whether the current thread is the first that makes queued calls as a profession. */
  boolean isMaker();

  /** The actor on the current thread makes queued calls as a profession. */
  void becomeMaker();
}
