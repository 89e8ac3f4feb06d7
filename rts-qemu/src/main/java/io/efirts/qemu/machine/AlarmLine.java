// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A second control connection that can only shout: interrupt the guest, or let it run on.
 *
 * <p>It is for moments at which nothing else works. Sending is one system call with bytes prepared
 * at the start: it allocates nothing (unless QEMU has just ended, which {@link
 * QemuMachine#isAlive()} tells before), parses nothing, takes no lock that a reader holds, and
 * works on a thread whose interrupt flag is set. Whether it helped is seen in guest RAM, so no
 * answer is waited for; answers and events are thrown away by {@link #drain()} on another thread.
 *
 * <p>One thread at a time may send. A machine has one line for ordinary use and one for the crash
 * path, which therefore waits for nobody who was stopped in the middle of sending.
 */
public final class AlarmLine {
  private static final int DRAIN_ROUNDS = 64;

  private final PolledSocket socket;
  private final ByteBuffer input = ByteBuffer.allocateDirect(4096);
  private final ByteBuffer interrupt = bytes("inject-nmi");
  private final ByteBuffer resume = bytes("cont");
  private boolean broken;

  private AlarmLine(PolledSocket socket) {
    this.socket = socket;
  }

  /**
   * Takes over a fresh connection and rehearses on it, so that no class is loaded later.
   *
   * @throws MachineException if QEMU does not answer in time
   */
  static AlarmLine over(PolledSocket socket, long deadline) {
    AlarmLine line = new AlarmLine(socket);
    line.awaitLine("greeting", deadline);
    // Not with an NMI: it would stay pending and hit firmware as it starts.
    for (String command : new String[] {"qmp_capabilities", "query-status"}) {
      if (!line.send(bytes(command))) {
        throw new MachineException("QEMU must take commands: command=" + command);
      }
      line.awaitLine(command, deadline);
    }
    line.drain();
    return line;
  }

  /**
   * Sends a non-maskable interrupt to the vCPU (x86 only: virt boards know none). It is taken when
   * the vCPU runs.
   *
   * @return whether QEMU's end took all of it
   */
  public boolean interrupt() {
    return send(interrupt);
  }

  /**
   * Lets the vCPU run, whoever stopped it; no effect on one that runs.
   *
   * @return whether QEMU's end took all of it
   */
  public boolean resume() {
    return send(resume);
  }

  /**
   * Throws away what QEMU has said. To be called now and then by one thread at a time, which need
   * not be the one that sends; never blocks.
   */
  void drain() {
    try {
      int count;
      int rounds = 0;
      do {
        count = socket.read(input.clear());
      } while (count > 0 && ++rounds < DRAIN_ROUNDS);
    } catch (IOException e) {
      // The sender finds out for itself, and owns the flag.
      return;
    }
  }

  private boolean send(ByteBuffer message) {
    if (broken) {
      return false;
    }
    message.rewind();
    try {
      socket.write(message);
    } catch (IOException | OutOfMemoryError e) {
      // Java makes an exception of a broken pipe, with a full heap even another one.
      broken = true;
      return false;
    }
    // A command cut in two would spoil those behind it; nothing taken is no harm.
    broken = message.hasRemaining() && message.position() > 0;
    return !message.hasRemaining();
  }

  private void awaitLine(String what, long deadline) {
    try {
      while (true) {
        int count = socket.read(input.clear());
        if (count > 0 && input.get(count - 1) == '\n') {
          return;
        }
        if (count < 0) {
          throw new MachineException("QEMU must keep the connection: command=" + what);
        }
        if (System.nanoTime() - deadline >= 0) {
          throw new MachineException("QEMU must answer in time: command=" + what);
        }
        PolledSocket.pause();
      }
    } catch (IOException e) {
      throw new MachineException("QEMU must keep the connection: command=" + what, e);
    }
  }

  private static ByteBuffer bytes(String command) {
    byte[] text = ("{\"execute\":\"" + command + "\"}\n").getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocateDirect(text.length).put(text).flip();
  }
}
