// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static io.efirts.api.Outcome.TIMED_OUT;

import io.efirts.api.CallResult;
import io.efirts.api.call.CallLayout;
import io.efirts.api.call.CallMemory;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import java.lang.foreign.MemorySegment;

/** Calls of generation 1, brought to the state in which a test begins. */
public final class CallInState {
  /** What firmware answers in the tests. */
  public static final CallResult RESULT = CallResult.completed(EfiStatusCode.NOT_FOUND);

  private static final int ITEM_BYTES = CallLayout.BUFFER_OFFSET + 64;

  private CallInState() {}

  /**
   * A call that was lent and not published.
   *
   * @return the call
   */
  public static DispatchCall idle() {
    return new DispatchCall(new RuntimeCall(MemorySegment.ofArray(new byte[ITEM_BYTES]), 0, 0));
  }

  /**
   * A call that is packed and not published.
   *
   * @return the call
   */
  public static DispatchCall packed() {
    DispatchCall call = idle();
    call.item().begin(RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT);
    return call;
  }

  /**
   * A call that waits for the worker.
   *
   * @return the call
   */
  public static DispatchCall queued() {
    DispatchCall call = idle();
    call.queue(1);
    return call;
  }

  /**
   * A call that the worker has claimed.
   *
   * @return the call
   */
  public static DispatchCall running() {
    DispatchCall call = queued();
    call.claim(1);
    return call;
  }

  /**
   * A call whose caller was let go while the worker has it.
   *
   * @return the call
   */
  public static DispatchCall abandoned() {
    DispatchCall call = running();
    call.abandon(1, TIMED_OUT);
    return call;
  }

  /**
   * A pool of one free call, generation 1.
   *
   * @return the pool
   */
  public static CallPool poolOfOne() {
    return poolOf(1);
  }

  /**
   * A pool of free calls, generation 1.
   *
   * @param count how many
   * @return the pool
   */
  public static CallPool poolOf(int count) {
    long bytes = (long) count * ITEM_BYTES;
    CallMemory memory =
        new CallMemory(
            MemorySegment.ofArray(new long[(int) (bytes / 8)]), 0, new PhysicalAddress(0));
    return new CallPool(memory, 0, ITEM_BYTES, count);
  }
}
