// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.announce;

import io.efirts.api.spi.NanoClock;
import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.CrashRecordListener;
import io.efirts.pstore.report.RecordCounter;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;

/**
 * Records that were written and not told of yet. Whoever writes leaves a note, made beforehand;
 * whoever tells takes it and calls the listeners.
 *
 * <p>{@link #leave} is for any platform thread in any state: it neither allocates nor waits, and a
 * thread that was stopped inside it costs a note at most. {@link #cancel} comes first when
 * everything is torn down: afterwards no listener is called.
 */
public final class Announcements {
  private static final int NOTES = 256;
  private static final long LOOK_NANOS = 100_000;

  private enum State {
    QUIET,
    TELLING,
    CANCELLED_WHILE_TELLING,
    CANCELLED
  }

  private final List<CrashRecordListener> listeners;
  private final RecordCounts counts;
  private final MpmcAtomicArrayQueue<Note> free = new MpmcAtomicArrayQueue<>(NOTES);
  private final MpmcAtomicArrayQueue<Note> left = new MpmcAtomicArrayQueue<>(NOTES);
  private final AtomicLong unnamed = new AtomicLong();
  private final AtomicReference<State> state = new AtomicReference<>(State.QUIET);
  private volatile Thread teller;

  /**
   * Nothing left.
   *
   * @param listeners whom to tell
   * @param counts counts what they throw
   */
  public Announcements(List<CrashRecordListener> listeners, RecordCounts counts) {
    this.listeners = List.copyOf(listeners);
    this.counts = counts;
    for (int i = 0; i < NOTES; i++) {
      free.offer(new Note());
    }
  }

  /**
   * Leaves a note of a record.
   *
   * @param record read before this returns
   */
  public void leave(RecordBuffer record) {
    // Relaxed: poll and offer wait for a thread that was stopped in the middle of the other.
    Note note = free.relaxedPoll();
    if (note == null) {
      unnamed.getAndIncrement();
      counts.count(RecordCounter.ANNOUNCEMENTS_MISSED);
      return;
    }
    note.fill(record);
    if (!left.relaxedOffer(note)) {
      unnamed.getAndIncrement();
      counts.count(RecordCounter.ANNOUNCEMENTS_MISSED);
    }
    // The queue publishes by a mere release. Whoever leaves a note wakes the thread that tells,
    // which begins with a look whether it is awake: that must not overtake the note.
    VarHandle.fullFence();
  }

  /**
   * Whether there is something to tell.
   *
   * @return at about this moment
   */
  public boolean isEmpty() {
    return left.relaxedPeek() == null && unnamed.get() == 0;
  }

  /**
   * Tells the listeners of what was left, until nothing is, or this is cancelled. One thread at a
   * time tells; others return at once. Blocks as the listeners do.
   */
  public void tell() {
    if (!state.compareAndSet(State.QUIET, State.TELLING)) {
      return;
    }
    teller = Thread.currentThread();
    try {
      Note note;
      while (state.get() == State.TELLING && (note = left.relaxedPoll()) != null) {
        tell(note);
      }
      tellUnnamed();
    } finally {
      teller = null;
      if (!state.compareAndSet(State.TELLING, State.QUIET)) {
        state.set(State.CANCELLED);
      }
    }
  }

  private void tell(Note note) {
    var announcement = note.announcement();
    free.relaxedOffer(note);
    for (CrashRecordListener listener : listeners) {
      // Looked at before each: a cancellation takes effect between two of them.
      if (state.get() != State.TELLING) {
        return;
      }
      try {
        listener.written(announcement);
      } catch (Throwable thrown) {
        counts.count(RecordCounter.FAILURES);
      }
    }
  }

  private void tellUnnamed() {
    long records = state.get() == State.TELLING ? unnamed.getAndSet(0) : 0;
    if (records == 0) {
      return;
    }
    for (CrashRecordListener listener : listeners) {
      if (state.get() != State.TELLING) {
        return;
      }
      try {
        listener.writtenUnnamed(records);
      } catch (Throwable thrown) {
        counts.count(RecordCounter.FAILURES);
      }
    }
  }

  /**
   * Lets no listener be called any more. One that is being called at this moment is waited for, but
   * not by itself. An interrupt does not end the wait; the flag is kept.
   *
   * @param clock lets this thread wait
   * @param nanos longest wait
   * @return false if a listener is still being called
   */
  public boolean cancel(NanoClock clock, long nanos) {
    State seen = state.get();
    while (seen == State.QUIET || seen == State.TELLING) {
      State next = seen == State.QUIET ? State.CANCELLED : State.CANCELLED_WHILE_TELLING;
      seen = state.compareAndSet(seen, next) ? next : state.get();
    }
    if (teller == Thread.currentThread()) {
      return true;
    }
    long start = clock.nanoTime();
    boolean interrupted = false;
    for (long looks = nanos / LOOK_NANOS;
        looks > 0 && state.get() != State.CANCELLED && clock.nanoTime() - start < nanos;
        looks--) {
      // Left set, it would end each wait at once, and the time for them all with them.
      interrupted |= Thread.interrupted();
      clock.parkNanos(this, LOOK_NANOS);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return state.get() == State.CANCELLED;
  }
}
