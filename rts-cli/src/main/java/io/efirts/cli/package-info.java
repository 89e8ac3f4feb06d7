// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The {@code rts} command: one class for each of its commands.
 *
 * <p>Place in the data path: the outermost caller. {@link io.efirts.cli.OpenStore} puts a
 * dispatcher in front of the reference firmware over an image file; every command does its work by
 * calling runtime services through it, never by looking into the image itself. {@link
 * io.efirts.cli.GuestSession} does the same with real firmware in a QEMU machine.
 *
 * <p>Results go to standard output. An error is one line on standard error that starts with {@code
 * rts: }, and exit code {@value io.efirts.cli.Rts#EXIT_ERROR}; it travels as {@link
 * io.efirts.cli.CliException}.
 */
package io.efirts.cli;
