// Package config reads how Aftercare shall run: flags over environment over a
// file over defaults.
//
// It owns the list of settings, where each value came from, and the message
// when one is wrong. It does not open or check what a setting points at. Every
// default is usable; a value that cannot be understood stops the start; a
// secret never prints.
package config

import (
	"encoding/hex"
	"log/slog"
	"path/filepath"
	"strings"
	"time"
)

// Config is every setting. The tags are the only list of settings: flags,
// environment variables, file keys and documentation are made from them.
type Config struct {
	Data     string   `key:"data" default:"data" doc:"Folder of everything this server keeps: database, photos, keys. Created if missing."`
	Listen   string   `key:"listen" default:"127.0.0.1:8080" kind:"address" doc:"Address and port to serve HTTP on."`
	BaseURL  Location `key:"base_url" doc:"Address that customers and staff use, for links in e-mails and for cookies. Default: http:// and the listen address."`
	Database Location `key:"database" schemes:"postgres,postgresql,sqlite" doc:"postgres://… for PostgreSQL. Default: SQLite in the data folder."`
	NATS     Location `key:"nats" default:"off" words:"off" schemes:"nats,tls" doc:"NATS with JetStream that events are copied to, for outside readers and several processes: nats://… or off. Without it each process follows the database."`
	Replicas int      `key:"nats_replicas" default:"1" min:"1" max:"5" doc:"Copies of the stream in a cluster."`

	HTTP    bool `key:"http" default:"true" doc:"Serve the API and the pages."`
	Workers bool `key:"workers" default:"true" doc:"Do jobs: deadlines, payouts, e-mails, parcel labels."`
	Relay   bool `key:"relay" default:"true" doc:"Carry events from the database to the stream (one process is elected)."`

	MasterKey Secret `key:"master_key" kind:"hex" doc:"64 hexadecimal digits: the same for all processes of one database. Default: keys/master.key in the data folder, made at the first start."`

	MasterKeyMore Secret `key:"master_key_more" kind:"hexes" doc:"Other master keys that must be readable, separated by commas, while the key is changed (aftercare secret). Only with master_key."`

	LogName      string `key:"log_name" doc:"First start only: name of the sealed log, which its checkpoints and keys carry, such as shop.example/log. Default: base_url without https:// and with /log."`
	LogKey       Secret `key:"log_key" doc:"Keys that sign the log (PRIVATE+KEY+…), separated by commas, the newest last. Default: keys/log.key in the data folder; with master_key, one made from it."`
	LogPublic    bool   `key:"log_public" default:"true" doc:"Serve the sealed log at /log/ to everybody: hashes and signatures, nothing else."`
	LogWitnesses string `key:"log_witnesses" doc:"Strangers who sign checkpoints (C2SP tlog-witness): key and URL of each, separated by commas."`

	ShopName     string `key:"shop_name" default:"Aftercare" doc:"First start only: name of the shop, as customers see it."`
	ShopLanguage string `key:"shop_language" default:"zh-CN" choice:"zh-CN,zh-TW,en" doc:"First start only: language where the reader's is not known."`
	ShopZone     string `key:"shop_zone" default:"Asia/Shanghai" kind:"zone" doc:"First start only: time zone of the shop, in which it counts days."`
	ShopCurrency string `key:"shop_currency" default:"CNY" kind:"currency" doc:"First start only: currency of the shop."`
	SupportEmail string `key:"support_email" doc:"First start only: address that customers may write to."`
	AdminEmail   string `key:"admin_email" default:"admin@localhost" kind:"mailbox" doc:"First start only: address that the first administrator signs in with."`

	Mail     Location `key:"mail" default:"folder" words:"folder,off" schemes:"smtp,smtps" doc:"Mail server: smtp://user:password@host:587, smtps://…, folder (files in the data folder's outbox), or off."`
	MailFrom string   `key:"mail_from" default:"Aftercare <aftercare@localhost>" kind:"mailbox" doc:"Sender of e-mails."`

	MessageMailAfter time.Duration `key:"message_mail_after" default:"3m" min:"0s" doc:"How long what staff wrote to a customer may stay unread before an e-mail tells of it."`

	StripeKey           Secret   `key:"stripe_key" doc:"Pay back by Stripe: secret or restricted key (sk_…, rk_…). Default: off."`
	StripeWebhookSecret Secret   `key:"stripe_webhook_secret" doc:"Signing secret (whsec_…) of the webhook at /v1/hooks/stripe/SHOP."`
	StripeEndpoint      Location `key:"stripe_endpoint" doc:"Address of Stripe's API. Default: Stripe's own."`

	AlipayAppID          string   `key:"alipay_app_id" doc:"Pay back by Alipay: the application's id. Default: off."`
	AlipayPrivateKeyFile string   `key:"alipay_private_key_file" doc:"File with the application's RSA2 private key."`
	AlipayPublicKeyFile  string   `key:"alipay_public_key_file" doc:"File with Alipay's public key (not the application's)."`
	AlipayEndpoint       Location `key:"alipay_endpoint" doc:"Address of Alipay's gateway. Default: https://openapi.alipay.com/gateway.do."`

	WechatpayMchID          string   `key:"wechatpay_mchid" doc:"Pay back by WeChat Pay: the merchant's id. Default: off."`
	WechatpaySerial         string   `key:"wechatpay_serial" doc:"Serial number of the merchant's API certificate."`
	WechatpayPrivateKeyFile string   `key:"wechatpay_private_key_file" doc:"File with the private key of that certificate (apiclient_key.pem)."`
	WechatpayAPIv3Key       Secret   `key:"wechatpay_api_v3_key" doc:"API v3 key of the merchant, 32 characters: messages are encrypted with it."`
	WechatpayPublicKeyID    string   `key:"wechatpay_public_key_id" doc:"Id of WeChat Pay's public key (PUB_KEY_ID_…); not needed with a platform certificate."`
	WechatpayPublicKeyFile  string   `key:"wechatpay_public_key_file" doc:"File with WeChat Pay's public key or platform certificate."`
	WechatpayEndpoint       Location `key:"wechatpay_endpoint" doc:"Address of WeChat Pay's API. Default: https://api.mch.weixin.qq.com."`

	BodyLimit      Size          `key:"body_limit" default:"1MiB" min:"1024" doc:"Largest request body; uploaded files have their own limits."`
	RequestTimeout time.Duration `key:"request_timeout" default:"30s" min:"1s" doc:"Longest time one request may take."`
	StopTimeout    time.Duration `key:"stop_timeout" default:"20s" min:"0s" doc:"Time for requests and jobs under way to finish when stopping."`
	RateLimit      int           `key:"rate_limit" default:"1200" min:"0" doc:"Requests per minute of one client; 0: no limit."`
	RateBurst      int           `key:"rate_burst" default:"120" min:"1" doc:"Requests of one client that may come at once."`
	TrustProxy     bool          `key:"trust_proxy" default:"false" doc:"Believe X-Forwarded-For and X-Forwarded-Proto. Only behind a proxy of your own that sets them."`
	WebhookAllow   string        `key:"webhook_allow" doc:"Private networks that webhooks may reach, also without TLS, separated by commas: 10.0.0.0/8. Default: none."`
	MetricsToken   Secret        `key:"metrics_token" doc:"Bearer token that /metrics asks for. Default: only this machine may read it."`

	LogLevel  string   `key:"log_level" default:"info" choice:"debug,info,warn,error" doc:"Least important line that is logged."`
	LogFormat string   `key:"log_format" default:"auto" choice:"auto,text,json" doc:"text for people, json for machines; auto: text on a terminal."`
	Trace     Location `key:"trace" schemes:"http,https" doc:"OTLP/HTTP endpoint that traces are sent to. Default: none."`

	CarrierURL     Location `key:"carrier_url" doc:"Carrier that speaks our protocol (docs/guides/carriers.md): base of its endpoint. Default: none is asked."`
	CarrierToken   Secret   `key:"carrier_token" doc:"Bearer token for that endpoint."`
	CarrierSecrets Secret   `key:"carrier_secrets" doc:"Secrets of that carrier's webhook: whsec_… as Standard Webhooks has them, several separated by commas. Default: no webhook is believed."`
	CarrierNames   string   `key:"carrier_names" doc:"Carriers whose parcels are followed there, as customers name them, separated by commas; own: parcels with the shop's label; *: all."`

	Kuaidi100Customer string   `key:"kuaidi100_customer" doc:"快递100: customer. With kuaidi100_key it follows parcels of carriers in China."`
	Kuaidi100Key      Secret   `key:"kuaidi100_key" doc:"快递100: key."`
	Kuaidi100Salt     Secret   `key:"kuaidi100_salt" doc:"快递100: salt that pushes are signed with; choose a long random one. Without it, or without base_url, it is asked and does not push."`
	Kuaidi100URL      Location `key:"kuaidi100_url" default:"https://poll.kuaidi100.com" doc:"Where 快递100 is asked."`

	EasyPostKey    Secret   `key:"easypost_key" doc:"EasyPost: API key. With it parcels are followed, labels bought and pick-ups booked."`
	EasyPostSecret Secret   `key:"easypost_secret" doc:"EasyPost: webhook secret. Without it no webhook is believed."`
	EasyPostNames  string   `key:"easypost_names" default:"USPS,UPS,FedEx,DHL Express,DHL,Canada Post,OnTrac,Royal Mail,DPD,GLS,Evri,Australia Post" doc:"Carriers whose parcels are followed there, separated by commas."`
	EasyPostGrams  int      `key:"easypost_grams" default:"1000" min:"1" max:"70000" doc:"Weight in grams for which labels are bought."`
	EasyPostURL    Location `key:"easypost_url" default:"https://api.easypost.com/v2" doc:"Where EasyPost is asked."`

	Clamd Location `key:"clamd" schemes:"tcp,unix" doc:"ClamAV daemon that looks at uploaded files: tcp://HOST:3310 or unix:///PATH. Files are not shown before it has. Its StreamMaxLength must be 100M. Default: none is asked."`

	RightsPacks string `key:"rights_packs" doc:"Folders with packs of law of your own, or corrected ones (docs/guides/rights-packs.md), separated by commas."`

	Demo      bool `key:"demo" default:"false" doc:"Fill an empty database with a demo shop and show its sign-ins on the sign-in page. Never for real customers."`
	DemoSetup bool `key:"demo_setup" default:"false" doc:"Those sign-ins may also change how the demo shop is set up: staff, keys, webhooks, policies, look. For a demonstration of one's own; not where strangers sign in."`

	from     map[string]string
	warnings []string
}

// DatabaseURL is the URL that platform/db opens.
func (c *Config) DatabaseURL() string {
	if c.Database == "" {
		return "sqlite:" + filepath.Join(c.Data, "aftercare.db")
	}
	return c.Database.Reveal()
}

// Address is where people reach the server: BaseURL, or the listen address.
func (c *Config) Address() string {
	if c.BaseURL != "" {
		return c.BaseURL.Reveal()
	}
	return "http://" + reachable(c.Listen)
}

// Source tells where the value of a key came from: "default", "file PATH",
// "environment AFTERCARE_…" or "flag --…".
func (c *Config) Source(key string) string { return c.from[key] }

// Warnings are lines to log at start: settings that were ignored.
func (c *Config) Warnings() []string { return c.warnings }

// LogValue lists the settings that differ from their defaults, without secrets.
func (c *Config) LogValue() slog.Value {
	var attrs []slog.Attr
	for _, s := range Settings() {
		if c.from[s.Key] != "default" {
			attrs = append(attrs, slog.String(s.Key, s.text(c)))
		}
	}
	return slog.GroupValue(attrs...)
}

// BlobFolder is where stored files are.
func (c *Config) BlobFolder() string { return filepath.Join(c.Data, "blobs") }

// MailURL is where platform/mail sends to; empty when mail is off.
func (c *Config) MailURL() string {
	switch c.Mail {
	case "off":
		return ""
	case "folder":
		return "dir:" + filepath.Join(c.Data, "outbox")
	}
	return c.Mail.Reveal()
}

// MasterKeys decodes MasterKey and MasterKeyMore, which Load has checked.
func (c *Config) MasterKeys() (all [][]byte) {
	for one := range strings.SplitSeq(c.MasterKey.Reveal()+","+c.MasterKeyMore.Reveal(), ",") {
		if raw, _ := hex.DecodeString(strings.TrimSpace(one)); len(raw) > 0 {
			all = append(all, raw)
		}
	}
	return all
}
