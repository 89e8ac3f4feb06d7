// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.testkit.lockstep.Lockstep;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * 1000 random schedules of every ending, each decided by its seed alone: every call ends once and
 * as its result says (I-5, I-7, I-27), nobody meets inside (I-1), an interrupt is kept (I-6), a
 * late return reaches nobody (I-7, I-8), gate and mode are as promised (I-9, I-10), and no call is
 * lost.
 *
 * <p>A failure names its seed and the order; run again with {@code -Dschedule.seed}, the first
 * seed, and {@code -Dschedule.count}, how many.
 */
class InvokerScheduleTest {
  private static final long FIRST_SEED = Long.getLong("schedule.seed", 1);
  private static final int COUNT = Integer.getInteger("schedule.count", 1000);

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WORKER_DEATH")
  @Timeout(300)
  void everyCallEndsOnce(Ending ending) {
    Lockstep.runAll(
        FIRST_SEED,
        COUNT,
        scheduler -> {
          Scene scene = new Scene(new LockstepStage(scheduler), ending);
          scene.play();
          scheduler.invariant("nobody meets inside", () -> !scene.haveMetInside());
          scheduler.invariant("instances are known", scene::noteInstance);
          scheduler.atEnd(scene::check);
        });
  }
}
