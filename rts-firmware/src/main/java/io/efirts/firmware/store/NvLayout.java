// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

/**
 * Where things lie in a variable store image, and the limits EDK2 builds of that flavour have.
 *
 * <pre>
 * 0            firmware volume header (0x48 bytes), then the variable store
 * eventLog     event log, never used; ArmVirt has none
 * working      fault-tolerant-write working block
 * spare        fault-tolerant-write spare area
 * fvLength     end of the volume; a flash image may be padded beyond it
 * </pre>
 *
 * <p>Immutable; any thread.
 */
public enum NvLayout {
  /** OVMF with 1 or 2 MiB of flash: {@code OVMF_VARS.fd}. */
  OVMF_2M(0x1000, 0xE000, 0x1000, 0x1000, 0x1_0000, 0x2000, 0x2800, 0xE000),

  /** OVMF with 4 MiB of flash: {@code OVMF_VARS_4M.fd}. */
  OVMF_4M(0x1000, 0x4_0000, 0x1000, 0x1000, 0x4_2000, 0x8400, 0x8400, 0x4_0000),

  /** ArmVirt: {@code AAVMF_VARS.fd}, usually padded to 64 MiB. */
  ARM_VIRT(0x4_0000, 0x4_0000, 0, 0x4_0000, 0x4_0000, 0x2000, 0x2800, 0x8_0000);

  /** Offset of the variable store in the volume: the volume header's length, in bytes. */
  public static final int STORE_OFFSET = 0x48;

  private static final NvLayout[] ALL = values();

  private final int blockBytes;
  private final int variableAreaBytes;
  private final int eventLogBytes;
  private final int workingBytes;
  private final int spareBytes;
  private final int maxVariableBytes;
  private final int maxAuthenticatedVariableBytes;
  private final int volatileStoreBytes;

  NvLayout(
      int blockBytes,
      int variableAreaBytes,
      int eventLogBytes,
      int workingBytes,
      int spareBytes,
      int maxVariableBytes,
      int maxAuthenticatedVariableBytes,
      int volatileStoreBytes) {
    this.blockBytes = blockBytes;
    this.variableAreaBytes = variableAreaBytes;
    this.eventLogBytes = eventLogBytes;
    this.workingBytes = workingBytes;
    this.spareBytes = spareBytes;
    this.maxVariableBytes = maxVariableBytes;
    this.maxAuthenticatedVariableBytes = maxAuthenticatedVariableBytes;
    this.volatileStoreBytes = volatileStoreBytes;
  }

  /**
   * The layout whose volume has a given length.
   *
   * @param fvLength length in bytes
   * @return the layout, or null if none has it
   */
  static NvLayout ofVolume(long fvLength) {
    for (NvLayout layout : ALL) {
      if (layout.fvLength() == fvLength) {
        return layout;
      }
    }
    return null;
  }

  /**
   * The layout an image of a given size must have if its content does not say.
   *
   * @param sizeBytes size of the image
   * @return the layout, or null if the size fits none
   */
  static NvLayout ofImageSize(long sizeBytes) {
    return sizeBytes >= ARM_VIRT.fvLength() ? ARM_VIRT : ofVolume(sizeBytes);
  }

  /**
   * Length of the whole volume.
   *
   * @return bytes, everything from the volume header to the end of the spare area
   */
  public int fvLength() {
    return spareOffset() + spareBytes;
  }

  /**
   * Size of the flash blocks the volume header names.
   *
   * @return bytes
   */
  public int blockBytes() {
    return blockBytes;
  }

  /**
   * Size of the variable store, its header included and the volume header not.
   *
   * @return bytes
   */
  public int storeBytes() {
    return variableAreaBytes - STORE_OFFSET;
  }

  /**
   * Where the event log starts.
   *
   * @return offset in bytes
   */
  public int eventLogOffset() {
    return variableAreaBytes;
  }

  /**
   * Size of the event log.
   *
   * @return bytes, 0 if there is none
   */
  public int eventLogBytes() {
    return eventLogBytes;
  }

  /**
   * Where the fault-tolerant-write working block starts.
   *
   * @return offset in bytes
   */
  public int workingOffset() {
    return eventLogOffset() + eventLogBytes;
  }

  /**
   * Size of the fault-tolerant-write working block.
   *
   * @return bytes
   */
  public int workingBytes() {
    return workingBytes;
  }

  /**
   * Where the fault-tolerant-write spare area starts.
   *
   * @return offset in bytes
   */
  public int spareOffset() {
    return workingOffset() + workingBytes;
  }

  /**
   * Size of the fault-tolerant-write spare area.
   *
   * @return bytes
   */
  public int spareBytes() {
    return spareBytes;
  }

  /**
   * Most bytes of a variable, record header, name and data together; also of a volatile one.
   *
   * @return bytes
   */
  public int maxVariableBytes() {
    return maxVariableBytes;
  }

  /**
   * Most bytes of an authenticated variable, record header, name and data together.
   *
   * @return bytes
   */
  public int maxAuthenticatedVariableBytes() {
    return maxAuthenticatedVariableBytes;
  }

  /**
   * Size of the volatile variable store, its header included.
   *
   * @return bytes
   */
  public int volatileStoreBytes() {
    return volatileStoreBytes;
  }
}
