// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.abi;

import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CallMemory;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.Passing;
import io.efirts.api.spec.RuntimeService;

/** Call frames with given words. */
final class Frames {
  private Frames() {}

  private static RuntimeCall item() {
    return new CallMemory(CallMemory.allocate(4096), 0, new PhysicalAddress(0)).item(0, 4096);
  }

  private static CallFrame loaded(AddressSpaceView memory, RuntimeCall item) {
    CallFrame frame = new CallFrame(memory);
    frame.load(item);
    return frame;
  }

  static CallFrame service(AddressSpaceView memory, RuntimeService service, long... words) {
    RuntimeCall item = item();
    item.begin(service);
    for (int i = 0; i < item.argumentCount(); i++) {
      if (service.signature().parameter(i).passing() == Passing.POINTER) {
        item.packPointer(i, words[i]);
      } else {
        item.packValue(i, words[i]);
      }
    }
    return loaded(memory, item);
  }

  static CallFrame vendor(AddressSpaceView memory, long... words) {
    RuntimeCall item = item();
    item.beginVendor(1, words.length);
    for (int i = 0; i < words.length; i++) {
      item.packPointer(i, words[i]);
    }
    return loaded(memory, item);
  }

  static long[] words(CallFrame frame) {
    long[] words = new long[frame.argumentCount()];
    for (int i = 0; i < words.length; i++) {
      words[i] = frame.word(i);
    }
    return words;
  }
}
