// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import io.efirts.api.spec.EfiGuid;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Where a walk over all variables stands: the in/out arguments of GetNextVariableName, kept by the
 * caller from call to call.
 *
 * <p>Used by the calling thread only. Stepping allocates nothing; {@link #name()} and {@link
 * #guid()} make new objects.
 */
public final class VariableNameCursor {
  private static final ValueLayout.OfShort CHAR16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment nameBytes;
  private final MemorySegment guidBytes = MemorySegment.ofArray(new byte[EfiGuid.SIZE_BYTES]);
  private long sizeBytes;

  /**
   * A cursor before the first variable.
   *
   * @param capacityBytes size of the name buffer in bytes, NUL included; even, at least 2. Some
   *     firmware refuses sizes above 1024.
   * @throws IllegalArgumentException if the capacity is odd or less than 2
   */
  public VariableNameCursor(int capacityBytes) {
    if (capacityBytes < 2 || capacityBytes % 2 != 0) {
      throw new IllegalArgumentException(
          "name capacity must be even and at least 2: capacityBytes=" + capacityBytes);
    }
    nameBytes = MemorySegment.ofArray(new byte[capacityBytes]);
    restart();
  }

  /** Goes back to before the first variable. */
  public void restart() {
    nameBytes.set(CHAR16, 0, (short) 0);
    sizeBytes = nameBytes.byteSize();
  }

  /**
   * A cursor at the same place with a larger name buffer, for after EFI_BUFFER_TOO_SMALL.
   *
   * @param capacityBytes size of the new buffer in bytes, even, at least this cursor's capacity
   * @return a new cursor
   * @throws IllegalArgumentException if the new capacity is odd or smaller than this one's
   */
  public VariableNameCursor withCapacity(int capacityBytes) {
    if (capacityBytes < capacityBytes()) {
      throw new IllegalArgumentException(
          "new capacity must not be smaller: capacityBytes="
              + capacityBytes
              + ", current="
              + capacityBytes());
    }
    VariableNameCursor larger = new VariableNameCursor(capacityBytes);
    larger.nameBytes.asSlice(0, nameBytes.byteSize()).copyFrom(nameBytes);
    larger.guidBytes.copyFrom(guidBytes);
    return larger;
  }

  /**
   * Size of the name buffer.
   *
   * @return bytes
   */
  public int capacityBytes() {
    return (int) nameBytes.byteSize();
  }

  /**
   * VariableNameSize as the service last returned it: the size of the name, NUL included, or after
   * EFI_BUFFER_TOO_SMALL the size it needs.
   *
   * @return bytes; initially the capacity
   */
  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * Stores what the service returned as VariableNameSize. For implementers of {@link
   * RuntimeServices}.
   *
   * @param bytes the returned size
   */
  public void sizeBytes(long bytes) {
    sizeBytes = bytes;
  }

  /**
   * The name buffer: UTF-16LE units up to a NUL. For implementers of {@link RuntimeServices}.
   *
   * @return {@link #capacityBytes()} bytes, always the same segment
   */
  public MemorySegment nameBytes() {
    return nameBytes;
  }

  /**
   * The vendor GUID's 16 bytes. For implementers of {@link RuntimeServices}.
   *
   * @return always the same segment
   */
  public MemorySegment guidBytes() {
    return guidBytes;
  }

  /**
   * The name the cursor stands at.
   *
   * @return a new string, empty before the first variable
   */
  public String name() {
    StringBuilder name = new StringBuilder();
    for (long offset = 0; offset + 2 <= nameBytes.byteSize(); offset += 2) {
      char unit = (char) nameBytes.get(CHAR16, offset);
      if (unit == 0) {
        break;
      }
      name.append(unit);
    }
    return name.toString();
  }

  /**
   * The vendor GUID the cursor stands at; meaningless before the first variable.
   *
   * @return a new GUID
   */
  public EfiGuid guid() {
    return EfiGuid.read(guidBytes, 0);
  }
}
