// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.fault;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.ServiceParameter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Memory that a call lets firmware write to, as firmware holds it in registers: it outlives the
 * call.
 */
record OutputBuffer(AddressSpaceView memory, long address, long lengthBytes) {
  private static final int CHUNK_BYTES = 4096;

  /** All of them; none for a vendor's entry, whose words only the vendor can read. */
  static List<OutputBuffer> of(CallFrame frame) {
    List<OutputBuffer> buffers = new ArrayList<>();
    RuntimeService service = frame.service();
    int count = service == null ? 0 : frame.argumentCount();
    for (int i = 0; i < count; i++) {
      ServiceParameter parameter = service.signature().parameter(i);
      long address = frame.word(i);
      if (parameter.direction().isOut() && address != 0) {
        long length =
            parameter.isVariableSized()
                ? frame.memory().getLong(FirmwareAnswers.sizeAddress(frame))
                : parameter.widthBytes();
        buffers.add(new OutputBuffer(frame.memory(), address, length));
      }
    }
    return buffers;
  }

  /** Overwrites every byte; faults where firmware would. */
  void fill(byte value) {
    byte[] chunk = new byte[CHUNK_BYTES];
    Arrays.fill(chunk, value);
    MemorySegment source = MemorySegment.ofArray(chunk);
    long done = 0;
    while (done != lengthBytes) {
      long left = lengthBytes - done;
      long bytes = left < 0 ? CHUNK_BYTES : Math.min(left, CHUNK_BYTES);
      memory.write(address + done, source, 0, bytes);
      done += bytes;
    }
  }
}
