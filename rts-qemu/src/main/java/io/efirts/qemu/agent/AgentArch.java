// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

/** What the agent has of its own on each architecture. */
public enum AgentArch {
  /** 64-bit x86. */
  X86_64(1, "x86_64", 0x0800_0000L),
  /** arm64. */
  AARCH64(2, "aarch64", 0x4800_0000L);

  private final int code;
  private final String fileName;
  private final long arena;

  AgentArch(int code, String fileName, long arena) {
    this.code = code;
    this.fileName = fileName;
    this.arena = arena;
  }

  /** Its number in the announcement. */
  int code() {
    return code;
  }

  String fileName() {
    return fileName;
  }

  /** Where it asks firmware for its arena, and for nothing else: physical. */
  long arena() {
    return arena;
  }
}
