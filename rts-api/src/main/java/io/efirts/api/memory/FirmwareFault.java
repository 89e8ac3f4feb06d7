// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

import java.util.Objects;

/**
 * A fault raised while firmware was running: the Java stand-in for the processor's page fault, data
 * or instruction abort. Thrown by whatever runs firmware, contained by the dispatcher; it never
 * reaches a caller of a runtime service.
 *
 * <p>Carries no stack trace and takes no suppressed exceptions: the place that matters is the
 * address, and the crash path must be able to throw it cheaply.
 */
public final class FirmwareFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  private final FaultKind kind;

  /** The virtual address that was touched. */
  private final long address;

  /** What the firmware was doing with the address. */
  private final Access access;

  /** What the architecture says about it. */
  private final int detail;

  /**
   * A fault at an address.
   *
   * @param kind what went wrong
   * @param address the virtual address that was touched
   * @param access what the firmware was doing with it
   * @param detail the architecture's error code or syndrome, 0 if there is none
   */
  public FirmwareFault(FaultKind kind, long address, Access access, int detail) {
    super(null, null, false, false);
    this.detail = detail;
    this.kind = Objects.requireNonNull(kind, "kind");
    this.address = address;
    this.access = Objects.requireNonNull(access, "access");
  }

  /**
   * What went wrong.
   *
   * @return the kind of fault
   */
  public FaultKind kind() {
    return kind;
  }

  /**
   * Where it went wrong.
   *
   * @return the virtual address that was touched
   */
  public long address() {
    return address;
  }

  /**
   * What the firmware was doing.
   *
   * @return the kind of access
   */
  public Access access() {
    return access;
  }

  /**
   * What the architecture says about the fault.
   *
   * @return the error code or syndrome, 0 if there is none
   */
  public int detail() {
    return detail;
  }

  /** Built on demand, so that raising a fault builds no string. */
  @Override
  public String getMessage() {
    return "firmware fault: kind="
        + kind
        + ", access="
        + access
        + ", address=0x"
        + Long.toHexString(address);
  }
}
