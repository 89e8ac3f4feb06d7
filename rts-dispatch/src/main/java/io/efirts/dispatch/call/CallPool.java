// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import io.efirts.api.Outcome;
import io.efirts.api.call.CallMemory;
import io.efirts.api.spi.StepHook;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;

/**
 * All calls of one firmware instance and those of them that are free.
 *
 * <p>Any thread may take and give back; both are lock-free and allocate nothing. Not for the crash
 * path: taking spins behind a thread that was stopped in the middle of giving back.
 */
public final class CallPool {
  private final DispatchCall[] calls;
  private final MpmcAtomicArrayQueue<DispatchCall> free;

  /**
   * A pool of free calls.
   *
   * @param memory where their work items lie
   * @param firstOffset offset of the first item in the memory
   * @param itemBytes distance from item to item
   * @param count number of calls, at least 1
   */
  public CallPool(CallMemory memory, long firstOffset, long itemBytes, int count) {
    this(memory, firstOffset, itemBytes, count, null);
  }

  /**
   * A pool of free calls that tell a test of their steps.
   *
   * @param memory where their work items lie
   * @param firstOffset offset of the first item in the memory
   * @param itemBytes distance from item to item
   * @param count number of calls, at least 1
   * @param steps told of every change, or null
   */
  public CallPool(CallMemory memory, long firstOffset, long itemBytes, int count, StepHook steps) {
    calls = new DispatchCall[count];
    free = new MpmcAtomicArrayQueue<>(Math.max(2, count));
    for (int i = 0; i < count; i++) {
      long offset = firstOffset + i * itemBytes;
      calls[i] = new DispatchCall(memory.item(offset, itemBytes), steps);
      free.offer(calls[i]);
    }
  }

  /**
   * Takes a free call.
   *
   * @return an idle call, lent to the calling thread, or null if all are in use
   */
  public DispatchCall take() {
    return free.poll();
  }

  /**
   * The caller gives a call back that has ended or was not published.
   *
   * @param call the call
   * @param generation the generation it was lent in
   */
  public void giveBack(DispatchCall call, long generation) {
    if (call.handBackByCaller(generation)) {
      offer(call);
    }
  }

  /**
   * The worker gives a call back that was abandoned.
   *
   * @param call the call
   * @param generation the generation it claimed
   */
  public void giveBackAbandoned(DispatchCall call, long generation) {
    if (call.handBackByWorker(generation)) {
      offer(call);
    }
  }

  private void offer(DispatchCall call) {
    boolean room;
    try {
      call.renewed();
    } finally {
      // An error that tears this thread away here would otherwise take the call with it.
      room = free.offer(call);
    }
    if (!room) {
      throw new IllegalStateException("pool must have room for each of its calls");
    }
  }

  /**
   * Whether a call is queued or being run.
   *
   * @return true if there is one at the moment this thread looks at it
   */
  public boolean anyPending() {
    for (DispatchCall call : calls) {
      if (call.pending()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Number of calls, free or not.
   *
   * @return the count given to the constructor
   */
  public int size() {
    return calls.length;
  }

  /**
   * One of the calls.
   *
   * @param index 0 to {@link #size} - 1
   * @return the call, in whatever state
   */
  public DispatchCall at(int index) {
    return calls[index];
  }

  /**
   * Cancels every queued call and wakes every waiting caller.
   *
   * @param why what the callers of the cancelled calls are told
   */
  public void sweep(Outcome why) {
    for (DispatchCall call : calls) {
      call.cancelIfQueued(why);
      call.wake();
    }
  }

  /**
   * Cancels every queued call and wakes nobody: waiters find out in their next slice. For the crash
   * path, where waking would let others run.
   *
   * @param why what the callers of the cancelled calls are told
   */
  public void mark(Outcome why) {
    for (DispatchCall call : calls) {
      call.cancelIfQueued(why);
    }
  }
}
