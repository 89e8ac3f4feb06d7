// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.instance;

import io.efirts.api.call.CallLayout;
import io.efirts.api.call.CallMemory;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spi.StepHook;
import io.efirts.dispatch.call.CallPool;

/**
 * How the memory that a context lends is cut into work items.
 *
 * <pre>
 *  | bypass | reset | emergency | queued calls ... | questions, one page each |
 * </pre>
 *
 * Whole pages, so that the guest's page tables could protect one item from another.
 *
 * @param calls number of queued calls
 * @param bufferBytes room for the names and data of each
 */
public record WorkItemPlan(int calls, int bufferBytes) {
  private static final long PAGE_BYTES = 4096;
  private static final int BYPASS = 0;
  private static final int RESET = 1;
  private static final int EMERGENCY = 2;
  private static final int FIRST_QUEUED = 3;
  private static final int QUESTIONS = 4;

  /** Which path's question an item is for. */
  enum Question {
    WORKER,
    BYPASS,
    RESET,
    EMERGENCY
  }

  private long itemBytes() {
    return CallLayout.BUFFER_OFFSET + bufferBytes + PAGE_BYTES - 1 & -PAGE_BYTES;
  }

  private long questionsOffset() {
    return (FIRST_QUEUED + calls) * itemBytes();
  }

  /**
   * What the context of ordinary calls has to lend.
   *
   * @return number of bytes, a multiple of 4096
   */
  public long totalBytes() {
    return questionsOffset() + QUESTIONS * PAGE_BYTES;
  }

  /**
   * What the crash context has to lend.
   *
   * @return number of bytes, a multiple of 4096
   */
  public long crashBytes() {
    return itemBytes() + PAGE_BYTES;
  }

  RuntimeCall bypassItem(CallMemory memory) {
    return item(memory, BYPASS);
  }

  RuntimeCall resetItem(CallMemory memory) {
    return item(memory, RESET);
  }

  RuntimeCall emergencyItem(CallMemory memory) {
    return item(memory, EMERGENCY);
  }

  RuntimeCall questionItem(CallMemory memory, Question question) {
    return memory.item(questionsOffset() + question.ordinal() * PAGE_BYTES, PAGE_BYTES);
  }

  RuntimeCall crashItem(CallMemory crashMemory) {
    return crashMemory.item(0, itemBytes());
  }

  RuntimeCall crashQuestionItem(CallMemory crashMemory) {
    return crashMemory.item(itemBytes(), PAGE_BYTES);
  }

  CallPool queuedCalls(CallMemory memory, StepHook steps) {
    return new CallPool(memory, FIRST_QUEUED * itemBytes(), itemBytes(), calls, steps);
  }

  private RuntimeCall item(CallMemory memory, int index) {
    return memory.item(index * itemBytes(), itemBytes());
  }
}
