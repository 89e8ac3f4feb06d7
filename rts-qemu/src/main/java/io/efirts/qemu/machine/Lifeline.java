// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a program that cannot outlive this JVM, however the JVM ends.
 *
 * <p>The program's standard input is a pipe whose other end only this JVM has. A small shell beside
 * it waits for the end of that pipe, which comes when the JVM closes it or is gone, SIGKILL
 * included, and then kills the program; the program itself replaces the first shell, so the process
 * that Java knows is the program. Before it kills, the waiting shell looks whether the program is
 * still its parent: once that has ended and been collected, its number may be somebody else's. Then
 * it deletes the program's directory, which nobody else would. That is why QEMU's control
 * connection is a socket and not its standard input.
 */
final class Lifeline {
  private static final String SCRIPT =
      "exec 3<&0; "
          + "(read -r _; read -r _ _ _ parent _ </proc/self/stat; "
          + "[ \"$parent\" = $$ ] && kill -KILL $$ && rm -f -- * && rmdir -- \"$PWD\") "
          + "<&3 3<&- >/dev/null 2>&1 & "
          + "exec \"$@\" 3<&- </dev/null";

  private Lifeline() {}

  /**
   * Starts a program.
   *
   * @param command program and arguments
   * @param directory its working directory, which holds nothing but its files and goes with it
   * @param output file for its standard output and error
   * @return the program's process; its standard input is the lifeline, nothing is to be written
   * @throws MachineException if it cannot be started
   */
  static Process start(List<String> command, Path directory, Path output) {
    List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh"));
    line.addAll(command);
    try {
      return new ProcessBuilder(line)
          .directory(directory.toFile())
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
    } catch (IOException e) {
      throw new MachineException("program must be startable: program=" + command.get(0), e);
    }
  }
}
