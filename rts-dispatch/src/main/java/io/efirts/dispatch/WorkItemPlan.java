// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.call.CallLayout;
import io.efirts.api.call.CallMemory;
import io.efirts.api.call.RuntimeCall;
import io.efirts.dispatch.call.CallPool;

/**
 * Where the work items of one instance lie in its call memory: the bypass's, reset's, then those of
 * the queued calls.
 *
 * @param calls number of queued calls
 * @param bufferBytes least size of each item's buffer area
 */
record WorkItemPlan(int calls, int bufferBytes) {
  private static final long PAGE_BYTES = 4096;
  private static final int BYPASS = 0;
  private static final int RESET = 1;
  private static final int FIRST_QUEUED = 2;

  /** Whole pages, so that the guest's page tables could protect one item from another. */
  private long itemBytes() {
    return CallLayout.BUFFER_OFFSET + bufferBytes + PAGE_BYTES - 1 & -PAGE_BYTES;
  }

  long totalBytes() {
    return (FIRST_QUEUED + calls) * itemBytes();
  }

  RuntimeCall bypassItem(CallMemory memory) {
    return item(memory, BYPASS);
  }

  RuntimeCall resetItem(CallMemory memory) {
    return item(memory, RESET);
  }

  CallPool queuedCalls(CallMemory memory) {
    return new CallPool(memory, FIRST_QUEUED * itemBytes(), itemBytes(), calls);
  }

  private RuntimeCall item(CallMemory memory, int index) {
    return memory.item(index * itemBytes(), itemBytes());
  }
}
