// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.nio.file.Path;
import java.util.List;

/** A kind of machine: which QEMU, which board and processor, which firmware by default. */
public enum GuestArch {
  /** A q35 PC under OVMF, without System Management Mode. */
  X86_64(
      "qemu-system-x86_64",
      "q35,smm=off",
      "max",
      0,
      "/usr/share/OVMF/OVMF_CODE_4M.fd",
      "/usr/share/OVMF/OVMF_VARS_4M.fd",
      List.of("qemu-system-x86", "ovmf")),

  /**
   * The virt board under AAVMF. Without EL2: firmware would otherwise run there, where none of the
   * EL1 registers count.
   */
  ARM64(
      "qemu-system-aarch64",
      "virt",
      "cortex-a57",
      0x4000_0000L,
      "/usr/share/AAVMF/AAVMF_CODE.fd",
      "/usr/share/AAVMF/AAVMF_VARS.fd",
      List.of("qemu-system-arm", "qemu-efi-aarch64"));

  /** Size of every machine's RAM in bytes: 256 MiB, all of it below any hole. */
  public static final long RAM_BYTES = 256L << 20;

  private final String binary;
  private final String board;
  private final String processor;
  private final long ramBase;
  private final String code;
  private final String variables;
  private final List<String> packages;

  GuestArch(
      String binary,
      String board,
      String processor,
      long ramBase,
      String code,
      String variables,
      List<String> packages) {
    this.binary = binary;
    this.board = board;
    this.processor = processor;
    this.ramBase = ramBase;
    this.code = code;
    this.variables = variables;
    this.packages = packages;
  }

  /**
   * The QEMU program.
   *
   * @return a file name without a directory
   */
  public String binary() {
    return binary;
  }

  /**
   * The board, and which of its properties differ from the default.
   *
   * @return the start of QEMU's {@code -machine} argument
   */
  String board() {
    return board;
  }

  /**
   * The processor model.
   *
   * @return QEMU's {@code -cpu} argument
   */
  String processor() {
    return processor;
  }

  /**
   * Where RAM begins.
   *
   * @return a guest-physical address
   */
  public long ramBase() {
    return ramBase;
  }

  /**
   * The firmware image a machine uses unless told otherwise.
   *
   * @return where Debian's package installs it
   */
  public Path defaultCode() {
    return Path.of(code);
  }

  /**
   * The empty variable store that belongs to {@link #defaultCode()}.
   *
   * @return where Debian's package installs it
   */
  public Path defaultVariables() {
    return Path.of(variables);
  }

  /**
   * What to install for this machine.
   *
   * @return names of Debian packages
   */
  public List<String> packages() {
    return packages;
  }
}
