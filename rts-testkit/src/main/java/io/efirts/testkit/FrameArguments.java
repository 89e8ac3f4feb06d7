// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiGuid;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a call's pointers lead to, read as firmware reads it. For behaviours of a firmware under
 * test; every method allocates.
 */
public final class FrameArguments {
  private FrameArguments() {}

  /**
   * Reads a name.
   *
   * @param frame the call
   * @param index which argument points to it
   * @return the CHAR16 units up to the NUL
   */
  public static String name(CallFrame frame, int index) {
    StringBuilder name = new StringBuilder();
    long address = frame.word(index);
    for (char unit = unit(frame, address); unit != 0; unit = unit(frame, address)) {
      name.append(unit);
      address += Character.BYTES;
    }
    return name.toString();
  }

  private static char unit(CallFrame frame, long address) {
    return (char) frame.memory().getShort(address);
  }

  /**
   * Reads a GUID.
   *
   * @param frame the call
   * @param index which argument points to it
   * @return the GUID
   */
  public static EfiGuid guid(CallFrame frame, int index) {
    return new EfiGuid(
        frame.memory().getLong(frame.word(index)),
        frame.memory().getLong(frame.word(index) + Long.BYTES));
  }

  /**
   * Reads bytes.
   *
   * @param frame the call
   * @param index which argument points to them
   * @param length how many
   * @return the bytes
   */
  public static byte[] bytes(CallFrame frame, int index, int length) {
    MemorySegment target = MemorySegment.ofArray(new byte[length]);
    frame.memory().read(frame.word(index), target, 0, length);
    return target.toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * Writes bytes.
   *
   * @param frame the call
   * @param index which argument points to where they go
   * @param bytes what to write
   */
  public static void write(CallFrame frame, int index, byte... bytes) {
    frame.memory().write(frame.word(index), MemorySegment.ofArray(bytes), 0, bytes.length);
  }
}
