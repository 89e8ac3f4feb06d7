// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.RuntimeService;
import java.util.Objects;

/**
 * A call as the firmware receives it: what is called, the argument words of its ABI, and memory as
 * the firmware sees it. Made once per path into the firmware and loaded again for every call.
 *
 * <p>Used by the thread that is inside the firmware. No method allocates or blocks.
 */
public final class CallFrame {
  private final AddressSpaceView memory;
  private final long[] words = new long[CallLayout.MAXIMUM_ARGUMENTS];
  private RuntimeService service;
  private long vendorEntryPoint;
  private int argumentCount;

  /**
   * An empty frame.
   *
   * @param memory guest memory in the context this frame is used in
   */
  public CallFrame(AddressSpaceView memory) {
    this.memory = Objects.requireNonNull(memory, "memory");
  }

  /**
   * Unpacks a work item into this frame. The item's words are read once each.
   *
   * @param call the packed call
   */
  public void load(RuntimeCall call) {
    service = call.service();
    vendorEntryPoint = call.vendorEntryPoint();
    argumentCount = call.argumentCount();
    for (int i = 0; i < argumentCount; i++) {
      words[i] = call.unpack(i);
    }
  }

  /**
   * The service being called.
   *
   * @return the service, or null for a vendor entry
   */
  public RuntimeService service() {
    return service;
  }

  /**
   * The vendor entry being called.
   *
   * @return its address in the firmware's address space, or 0 for a service
   */
  public long vendorEntryPoint() {
    return vendorEntryPoint;
  }

  /**
   * Number of arguments.
   *
   * @return 0 to 6
   */
  public int argumentCount() {
    return argumentCount;
  }

  /**
   * One argument: a pointer, or a value zero-extended to 64 bits.
   *
   * @param index which argument, below {@link #argumentCount()}
   * @return the word
   */
  public long word(int index) {
    return words[Objects.checkIndex(index, argumentCount)];
  }

  /**
   * Memory as the firmware sees it.
   *
   * @return the view
   */
  public AddressSpaceView memory() {
    return memory;
  }
}
