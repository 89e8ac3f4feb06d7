// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Notices the end of a machine's process, and keeps what was last heard of it. */
final class MachineExit {
  private static final int TAIL_BYTES = 600;

  private final Process process;
  private final MachineDirectory directory;
  private final Thread watch;
  private volatile boolean exited;
  private volatile String description = "";

  MachineExit(Process process, MachineDirectory directory) {
    this.process = process;
    this.directory = directory;
    // A thread of its own: a task in a common pool may wait behind others just when it matters.
    watch =
        Thread.ofPlatform()
            .name("efi-rts-qemu-exit-" + process.pid())
            .daemon(true)
            .unstarted(this::watch);
  }

  /** Starts to watch. */
  void start() {
    watch.start();
  }

  /** Whether the process has ended; one volatile read. */
  boolean exited() {
    return exited;
  }

  /** Exit code and last lines, or "running" and the last lines so far. */
  String description() {
    return exited ? description : "running" + lastLines();
  }

  /** Whether the end was noticed and nothing more is read from the directory. */
  boolean noticed() {
    return !watch.isAlive();
  }

  /** Waits until an end has been noticed, so that the directory is read no more. */
  void join(long milliseconds) throws InterruptedException {
    watch.join(milliseconds);
  }

  private void watch() {
    int code;
    try {
      code = process.waitFor();
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but somebody who wants it to end.
      return;
    }
    // Who finds the process ended must not find it described as running.
    description = "exit code " + code;
    exited = true;
    description += lastLines();
  }

  private String lastLines() {
    return tail("; QEMU: ", directory.file(MachineDirectory.OUTPUT))
        + tail("; serial: ", directory.file(MachineDirectory.SERIAL));
  }

  /** The last lines of a file as one line; empty if there is no such file or nothing in it. */
  static String tail(String title, Path file) {
    byte[] bytes;
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(Math.max(0, in.length() - TAIL_BYTES));
      bytes = new byte[(int) Math.min(TAIL_BYTES, in.length() - in.getFilePointer())];
      in.readFully(bytes);
    } catch (FileNotFoundException e) {
      // QEMU makes the serial port's file, and may have ended before it did.
      return "";
    } catch (IOException e) {
      return title + "(unreadable: " + e.getMessage() + ")";
    }
    // Firmware's console moves the cursor with escape sequences.
    String text =
        new String(bytes, StandardCharsets.UTF_8)
            .replaceAll("\u001b\\[[0-9;=?]*[A-Za-z]", "")
            .replaceAll("\\s*[\r\n]+\\s*", " / ")
            .replaceAll("[^\\x20-\\x7e]", "")
            .strip();
    return text.isEmpty() ? "" : title + text;
  }
}
