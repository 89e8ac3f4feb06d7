// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.policy.WhenFull;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.StepStop;
import java.time.Duration;

/**
 * What a thread does that may be stopped in any step of it. Where the time matters nobody moves the
 * clock but these.
 */
enum Holder {
  /** A queued write that the worker's thread makes. */
  QUEUED_WRITE {
    @Override
    boolean needsWorker() {
      return true;
    }

    @Override
    void run(CrashMachine machine) {
      machine.write(CrashMachine.NEW);
    }

    @Override
    void awaitOthers(CrashMachine machine) throws InterruptedException {
      machine.awaitWorker();
    }
  },
  /** A queued write that its caller makes. */
  PUMPED_WRITE {
    @Override
    void run(CrashMachine machine) {
      machine.write(CrashMachine.NEW);
    }
  },
  DIRECT_WRITE {
    @Override
    void run(CrashMachine machine) {
      machine.writeDirectly(CrashMachine.NEW);
    }
  },
  /** Records are written late, by queued calls. */
  DRAIN {
    @Override
    void prepare(CrashMachine machine) {
      machine.dumpRefused();
    }

    @Override
    void run(CrashMachine machine) {
      machine.pstore.pump();
    }
  },
  /** Records find no room, wait again, and are dropped. */
  REFUSED_DRAIN {
    @Override
    void prepare(CrashMachine machine) {
      machine.dumpRefused();
    }

    @Override
    void run(CrashMachine machine) {
      machine.pumpRefused(2);
    }
  },
  DUMP {
    @Override
    void run(CrashMachine machine) {
      machine.pstore.dump(DumpReason.OOPS);
    }
  },
  /** A dump whose last part takes the place of its first one in the lane. */
  DEFERRED_DUMP {
    @Override
    int laneSlots() {
      return 2;
    }

    @Override
    WhenFull whenFull() {
      return WhenFull.DROP_OLDEST;
    }

    @Override
    void run(CrashMachine machine) {
      machine.dumpRefused();
    }
  },
  /** A reset that first writes what waits. */
  RESET {
    @Override
    void prepare(CrashMachine machine) {
      machine.dumpRefused();
    }

    @Override
    void run(CrashMachine machine) {
      machine.dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
    }
  },
  /** A reset that comes while somebody is inside. */
  WAITING_RESET {
    @Override
    void prepare(CrashMachine machine) throws InterruptedException {
      machine.stayInside();
    }

    @Override
    void run(CrashMachine machine) throws Exception {
      CallerThread<?> reset = CallerThread.start(() -> RESET.ran(machine));
      machine.bystanders.add(reset);
      machine.steps.awaitCount(Step.GATE_AWAITED, 1);
      machine.awaitBystanders();
    }
  },
  /** A call that firmware faults in. */
  FAULT {
    @Override
    void run(CrashMachine machine) {
      machine.dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0);
    }
  },
  CANCELLED_CALL {
    @Override
    void run(CrashMachine machine) {
      PendingCall call = machine.dispatcher.async().newPendingCall();
      machine.dispatcher.async().getTime(call, new EfiTimeHolder(), null);
      call.cancel();
    }
  },
  /** A start into a ring that calls fill which were cancelled and not taken off it yet. */
  REFUSED_START {
    @Override
    void prepare(CrashMachine machine) {
      PendingCall filler = machine.dispatcher.async().newPendingCall();
      while (machine.dispatcher.async().getTime(filler, new EfiTimeHolder(), null)) {
        filler.cancel();
        filler.poll();
      }
    }

    @Override
    void run(CrashMachine machine) {
      PendingCall call = machine.dispatcher.async().newPendingCall();
      machine.dispatcher.async().getTime(call, new EfiTimeHolder(), null);
    }
  },
  /** A call whose caller leaves while firmware is inside; then it comes back. */
  ABANDONED_CALL {
    @Override
    boolean needsWorker() {
      return true;
    }

    @Override
    void run(CrashMachine machine) throws Exception {
      CallerThread<?> caller = callWithDeadline(machine);
      // It ends without having been inside if a panic comes first. A call that the worker has the
      // gate for and has not claimed yet would be cancelled, and not abandoned.
      while (machine.steps.count(Step.CALL_CLAIMED) == 0 && caller.thread().isAlive()) {
        Thread.onSpinWait();
      }
      machine.clock.advance(DEADLINE);
      caller.result();
      machine.hold.release();
      machine.steps.awaitCount(Step.CALL_RENEWED, 1);
    }
  },
  /** A call that comes back while the caller that gave it up is not gone yet. */
  RETURNED_CALL {
    @Override
    boolean needsWorker() {
      return true;
    }

    @Override
    void prepare(CrashMachine machine) throws InterruptedException {
      StepStop leaving = machine.hooks.add(new StepStop(Occurrence.first(Step.CALL_ABANDONED)));
      machine.atEnd(leaving);
      callWithDeadline(machine);
      machine.hold.awaitEntered();
      machine.clock.advance(DEADLINE);
      leaving.awaitStopped();
    }

    @Override
    void run(CrashMachine machine) throws InterruptedException {
      machine.hold.release();
      machine.steps.awaitCount(Step.CALL_RETURNED, 1);
    }
  },
  /** A hold that is given up on. */
  WEDGE {
    @Override
    void prepare(CrashMachine machine) throws InterruptedException {
      machine.stayInside();
    }

    @Override
    void run(CrashMachine machine) {
      machine.dispatcher.pump();
      machine.clock.advance(CrashMachine.WEDGE_LIMIT);
      machine.dispatcher.pump();
    }
  },
  /** Both are closed, in their order; what waits is written. */
  CLOSE {
    @Override
    void prepare(CrashMachine machine) {
      machine.dumpRefused();
    }

    @Override
    void run(CrashMachine machine) {
      machine.pstore.close();
      machine.dispatcher.close();
    }
  },
  /** Another panic, beside a dump that was stopped before its record was whole. */
  PANIC {
    @Override
    void prepare(CrashMachine machine) throws InterruptedException {
      StepStop torn = machine.hooks.add(new StepStop(Occurrence.nth(Step.LANE_CLAIMED, 2)));
      machine.bystanders.add(CallerThread.start(machine::dumpRefused));
      torn.awaitStopped();
      machine.atEnd(torn);
    }

    @Override
    void run(CrashMachine machine) {
      machine.pstore.panic(Duration.ZERO, ResetType.COLD);
    }
  };

  private static final Duration DEADLINE = CrashMachine.WEDGE_LIMIT.dividedBy(2);

  /** Whether queued calls are made by a thread of the dispatcher's, and not by their callers. */
  boolean needsWorker() {
    return false;
  }

  int laneSlots() {
    return 8;
  }

  WhenFull whenFull() {
    return WhenFull.DROP_NEWEST;
  }

  /** What comes before, and is not stopped. */
  void prepare(CrashMachine machine) throws InterruptedException {}

  /** What it does. */
  abstract void run(CrashMachine machine) throws Exception;

  /** Waits for what other threads still do of it when it has ended, if nobody is stopped. */
  void awaitOthers(CrashMachine machine) throws InterruptedException {}

  final Holder ran(CrashMachine machine) throws Exception {
    run(machine);
    return this;
  }

  private static CallerThread<?> callWithDeadline(CrashMachine machine) {
    CallerThread<?> caller =
        CallerThread.start(
            () -> machine.dispatcher.runtimeServices(DEADLINE).getTime(new EfiTimeHolder(), null));
    machine.bystanders.add(caller);
    return caller;
  }
}
