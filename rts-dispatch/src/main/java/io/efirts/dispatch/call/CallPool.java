// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import io.efirts.api.Outcome;
import io.efirts.api.call.CallMemory;
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
    calls = new DispatchCall[count];
    free = new MpmcAtomicArrayQueue<>(Math.max(2, count));
    for (int i = 0; i < count; i++) {
      long offset = firstOffset + i * itemBytes;
      calls[i] = new DispatchCall(memory.item(offset, itemBytes));
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
    if (!free.offer(call)) {
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
}
